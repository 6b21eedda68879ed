Feature: Wait
    A wait costs a timer; the data passes unchanged.

  Scenario Outline: A duration is written as an object or as ISO 8601
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-duration-is-written-as-an-object-or-as-iso-8601, version: '1.0.0' }
      do:
        - nap: { wait: <duration> }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 1
      """
    And the workflow should have taken <took>
    Examples:
      | duration                        | took       |
      | { seconds: 90 }                 | PT1M30S    |
      | { minutes: 2, seconds: 5 }      | PT2M5S     |
      | { hours: 1 }                    | 1 hour     |
      | { days: 1, hours: 1 }           | P1DT1H     |
      | { milliseconds: 250 }           | PT0.25S    |
      | PT15S                           | 15 seconds |
      | P1D                             | 1 day      |
      | P1DT2H3M4S                      | P1DT2H3M4S |
      | P2W                             | P14D       |
      | PT0S                            | PT0S       |

  Scenario Outline: A duration may come from an expression
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-duration-may-come-from-an-expression, version: '1.0.0' }
      do:
        - nap: { wait: '${ .pause }' }
      """
    And the workflow input is:
      """yaml
      pause: <pause>
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken <took>
    Examples:
      | pause          | took       |
      | PT20S          | 20 seconds |
      | { minutes: 3 } | 3 minutes  |

  Scenario Outline: What is no duration faults the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-no-duration-faults-the-task, version: '1.0.0' }
      do:
        - nap: { wait: '${ .pause }' }
      """
    And the workflow input is:
      """yaml
      pause: <pause>
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/nap
      """
    Examples:
      | pause      |
      | soon       |
      | P1M        |
      | null       |
      | PT-5S      |

  Scenario Outline: A duration that cannot be is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-duration-that-cannot-be-is-refused, version: '1.0.0' }
      do:
        - nap: { wait: <duration> }
      """
    Then the workflow should be refused
    Examples:
      | duration         |
      | { fortnights: 1 } |
      | soon             |
      | P1Y              |
      | { seconds: -1 }  |

  Scenario: A waiting run says until when
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-waiting-run-says-until-when, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 } }
      """
    When the workflow is started
    Then the workflow should be waiting for '13:00:00 UTC'

  Scenario: It does not end early
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: it-does-not-end-early, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 } }
      """
    When the workflow is started
    And PT59M59S passes
    Then the workflow should be waiting
    When 1 second passes
    Then the workflow should complete

  Scenario: A restart keeps the time
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-keeps-the-time, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 } }
      """
    When the workflow is started
    And 30 minutes pass
    And the server restarts
    And 29 minutes pass
    Then the workflow should be waiting
    When 1 minute passes
    Then the workflow should complete

  Scenario: A wait that ended while the server was down ends at once
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-wait-that-ended-while-the-server-was-down-ends-at-once, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 } }
        - after: { set: { after: true } }
      """
    When the workflow is started
    And 59 minutes pass
    Given the time is '2026-11-23T12:00:00Z'
    When the server restarts
    Then the workflow should complete with output:
      """yaml
      after: true
      """

  Scenario: Cancelling ends a wait
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: cancelling-ends-a-wait, version: '1.0.0' }
      do:
        - nap: { wait: { hours: 1 } }
      """
    When the workflow is started
    And the workflow is cancelled
    Then the workflow should cancel
    And nap should cancel
