Feature: Run workflow
    A run started by a run: its input, its output, its errors.

  Scenario: The output of the other workflow is the task's output
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - add: { set: { sum: '${ .a + .b }' } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-output-of-the-other-workflow-is-the-task-s-output, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0', input: { a: 1, b: '${ .b }' } } } }
      """
    And the workflow input is:
      """yaml
      b: 2
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      sum: 3
      """
    And the workflow 'child' should have run 1 time

  Scenario: Waiting for it costs no time of one's own
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { minutes: 5 } }
        - done: { set: { done: true } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: waiting-for-it-costs-no-time-of-one-s-own, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
        - after: { set: { child: '${ .done }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      child: true
      """
    And the workflow should have taken 5 minutes

  Scenario: Its error is the task's error
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - boom: { raise: { error: { type: 'https://example.com/boom', status: 418, title: Boom } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: its-error-is-the-task-s-error, version: '1.0.0' }
      do:
        - t:
            try: [ { sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } } } ]
            catch: { errors: { with: { type: 'https://example.com/boom', status: 418 } }, do: [ { mend: { set: { title: '${ $error.title }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      title: Boom
      """

  Scenario: Not waiting goes on at once
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 5 } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: not-waiting-goes-on-at-once, version: '1.0.0' }
      do:
        - sub: { run: { await: false, workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
        - after: { set: { after: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      after: true
      """
    And the workflow should have taken PT0S

  Scenario: latest takes the newest version
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - v: { set: { version: 1 } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: latest-takes-the-newest-version, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: latest } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      version: 1
      """

  Scenario: A workflow that is not there faults the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-workflow-that-is-not-there-faults-the-task, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: nobody, version: '1.0.0' } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      instance: /do/0/sub
      """
    And the error's detail should contain 'nobody'

  Scenario: Cancelling the parent cancels the child
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 5 } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: cancelling-the-parent-cancels-the-child, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
      """
    When the workflow is started
    And the workflow is cancelled
    Then the workflow should cancel
    And the run of 'child' should be cancelled

  Scenario: A timeout of the task cancels the child
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 5 } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-of-the-task-cancels-the-child, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } }, timeout: { after: PT10M } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 408
      """
    And the run of 'child' should be cancelled

  Scenario: A restart in between starts no second child
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { minutes: 5 } }
        - done: { set: { done: true } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-in-between-starts-no-second-child, version: '1.0.0' }
      do:
        - sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
      """
    When the workflow is started
    And 2 minutes pass
    And the server restarts
    And the run goes on to its end
    Then the workflow should complete with output:
      """yaml
      done: true
      """
    And the workflow 'child' should have run 1 time

  Scenario: Each round of a loop starts a child of its own
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - twice: { set: { n: '${ .n * 2 }' } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: each-round-of-a-loop-starts-a-child-of-its-own, version: '1.0.0' }
      do:
        - loop: { for: { each: n, in: [ 1, 2, 3 ] }, do: [ { sub: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0', input: { n: '${ $n }' } } } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 6
      """
    And the workflow 'child' should have run 3 times

  Scenario: Children run side by side in a fork
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: child, version: '1.0.0' }
      do:
        - nap: { wait: { minutes: 5 } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: children-run-side-by-side-in-a-fork, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - a: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
                - b: { run: { workflow: { namespace: ctk, name: child, version: '1.0.0' } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken 5 minutes
    And the workflow 'child' should have run 2 times

  Scenario: A workflow that runs itself without end is stopped
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: mirror, version: '1.0.0' }
      do:
        - again: { run: { workflow: { namespace: ctk, name: mirror, version: '1.0.0' } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      title: Runs nested too deep
      instance: /do/0/again
      """

  Scenario Outline: Programs of the host are refused with the alternative
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: programs-of-the-host-are-refused-with-the-alternative, version: '1.0.0' }
      do:
        - a: { run: { <run> } }
      """
    Then the workflow should be refused saying 'pipeline'
    Examples:
      | run                                                  |
      | container: { image: alpine }                         |
      | shell: { command: ls }                               |
      | script: { language: js, code: '1' }                  |
