Feature: Timeouts
    A task or a workflow that takes too long faults with 408.

  Scenario Outline: A task's timeout, written in each way
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-timeout-written-in-each-way, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 }, timeout: <timeout> }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      instance: /do/0/nap
      """
    And the workflow should have taken 5 minutes
    Examples:
      | timeout                    |
      | { after: { minutes: 5 } }  |
      | { after: PT5M }            |

  Scenario: A timeout may be defined once and named
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-may-be-defined-once-and-named, version: '1.0.0' }
      use: { timeouts: { short: { after: { minutes: 5 } } } }
      do:
        - nap: { wait: { hours: 1 }, timeout: short }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      """
    And the workflow should have taken 5 minutes

  Scenario: A timeout may be computed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-may-be-computed, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 }, timeout: { after: '${ .limit }' } }
      """
    And the workflow input is:
      """yaml
      limit: PT10S
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      """
    And the workflow should have taken 10 seconds

  Scenario: A task in time is not touched
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-in-time-is-not-touched, version: '1.0.0' }
      do:
        - nap: { wait: { minutes: 4 }, timeout: { after: { minutes: 5 } } }
        - nap2: { wait: { minutes: 4 } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken 8 minutes

  Scenario: A list's timeout counts for all its tasks together
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-list-s-timeout-counts-for-all-its-tasks-together, version: '1.0.0' }
      do:
        - both:
            do: [ { a: { wait: PT3M } }, { b: { wait: PT3M } } ]
            timeout: { after: PT5M }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      instance: /do/0/both
      """
    And a should complete
    And b should cancel

  Scenario: The workflow's timeout ends the run
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-workflow-s-timeout-ends-the-run, version: '1.0.0' }
      timeout: { after: { minutes: 5 } }
      do:
        - nap: { wait: { hours: 1 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      """
    And nap should cancel
    And the workflow should have taken 5 minutes

  Scenario: The workflow's timeout cannot be caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-workflow-s-timeout-cannot-be-caught, version: '1.0.0' }
      timeout: { after: { minutes: 5 } }
      do:
        - t: { try: [ { nap: { wait: { hours: 1 } } } ], catch: { do: [ { mend: { set: { caught: true } } } ] } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      """
    And mend should not run

  Scenario: A task's timeout can be caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-timeout-can-be-caught, version: '1.0.0' }
      do:
        - t:
            try: [ { nap: { wait: { hours: 1 }, timeout: { after: PT1M } } } ]
            catch: { errors: { with: { status: 408 } }, do: [ { mend: { set: { late: '${ $error.instance }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      late: /do/0/t/try/0/nap
      """

  Scenario: The shorter of two timeouts counts
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-shorter-of-two-timeouts-counts, version: '1.0.0' }
      do:
        - outer:
            do: [ { nap: { wait: PT1H, timeout: { after: PT10M } } } ]
            timeout: { after: PT2M }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      instance: /do/0/outer
      """
    And the workflow should have taken 2 minutes

  Scenario: A timeout of a loop ends it between rounds or in one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-of-a-loop-ends-it-between-rounds-or-in-one, version: '1.0.0' }
      do:
        - loop:
            for: { each: n, in: [ 1, 2, 3, 4 ] }
            timeout: { after: PT150S }
            do: [ { nap: { wait: PT1M } } ]
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      instance: /do/0/loop
      """
    And nap should run 3 times

  Scenario: A timeout survives a restart
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-survives-a-restart, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 }, timeout: { after: { minutes: 5 } } }
      """
    When the workflow is started
    And 4 minutes pass
    And the server restarts
    And 1 minute passes
    Then the workflow should fault with error:
      """yaml
      status: 408
      """

  Scenario: A timeout nobody defined is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-nobody-defined-is-refused, version: '1.0.0' }
      use: { timeouts: { short: { after: PT5M } } }
      do:
        - nap: { wait: PT1H, timeout: shrt }
      """
    Then the workflow should be refused saying 'short'
