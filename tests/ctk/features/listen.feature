Feature: Listen
    A run waits for events; what arrived since it began counts, and no event is heard twice by one run.

  Scenario: One event ends the wait and its data is the output
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: one-event-ends-the-wait-and-its-data-is-the-output, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the workflow is started
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.approved, data: { by: ada } }
      """
    Then the workflow should complete with output:
      """yaml
      - by: ada
      """

  Scenario: Another event is not heard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: another-event-is-not-heard, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.refused }
      """
    Then the workflow should be waiting for 'com.example.approved'

  Scenario: An event that arrived before the task began is heard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-event-that-arrived-before-the-task-began-is-heard, version: '1.0.0' }
      do:
        - nap: { wait: { minutes: 5 } }
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved, data: 1 }
      """
    And the run goes on to its end
    Then the workflow should complete with output:
      """yaml
      [ 1 ]
      """

  Scenario: An event from before the run is not heard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-event-from-before-the-run-is-not-heard, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the event arrives:
      """yaml
      { type: com.example.approved, data: 1 }
      """
    And 1 second passes
    And the workflow is started
    Then the workflow should be waiting

  Scenario: Two listens in a row take two events
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: two-listens-in-a-row-take-two-events, version: '1.0.0' }
      do:
        - first: { listen: { to: { one: { with: { type: com.example.tick } } } } }
        - second: { listen: { to: { one: { with: { type: com.example.tick } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.tick, data: 1 }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.tick, data: 2 }
      """
    Then the workflow should complete with output:
      """yaml
      [ 2 ]
      """
    And first should complete with output:
      """yaml
      [ 1 ]
      """

  Scenario: The same event sent twice is heard once
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-same-event-sent-twice-is-heard-once, version: '1.0.0' }
      do:
        - first: { listen: { to: { one: { with: { type: com.example.tick } } } } }
        - second: { listen: { to: { one: { with: { type: com.example.tick } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.tick, id: same }
      """
    And the event arrives:
      """yaml
      { type: com.example.tick, id: same }
      """
    Then the workflow should be waiting

  Scenario: any is ended by the first that fits
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: any-is-ended-by-the-first-that-fits, version: '1.0.0' }
      do:
        - hear: { listen: { to: { any: [ { with: { type: com.example.yes } }, { with: { type: com.example.no } } ] } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.no, data: no }
      """
    Then the workflow should complete with output:
      """yaml
      [ 'no' ]
      """

  Scenario: all waits for one of each, in the order of the filters
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-waits-for-one-of-each-in-the-order-of-the-filters, version: '1.0.0' }
      do:
        - hear: { listen: { to: { all: [ { with: { type: com.example.left } }, { with: { type: com.example.right } } ] } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.right, data: r }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.right, data: r2 }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.left, data: l }
      """
    Then the workflow should complete
    And the workflow output should have properties '0', '1'

  Scenario Outline: What is read of an event
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-read-of-an-event, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } }, read: <read> }, output: { as: '.[0]<path>' } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved, id: e1, data: { by: ada } }
      """
    Then the workflow should complete with output:
      """yaml
      <value>
      """
    Examples:
      | read     | path  | value                |
      | data     | .by   | ada                  |
      | envelope | .type | com.example.approved |
      | envelope | .data | { by: ada }          |

  Scenario Outline: A filter compares each attribute it lists
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-filter-compares-each-attribute-it-lists, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved, <filter> } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved, subject: INC-42, source: 'https://desk.example.com', data: { level: 3 } }
      """
    Then the workflow should <end>
    Examples:
      | filter                              | end        |
      | subject: INC-42                     | complete   |
      | subject: INC-43                     | be waiting |
      | source: 'https://desk.example.com'  | complete   |
      | data: '${ .level > 2 }'             | complete   |
      | data: '${ .level > 3 }'             | be waiting |

  Scenario: A filter may use the context
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-filter-may-use-the-context, version: '1.0.0' }
      do:
        - keep: { set: { id: 42 }, export: { as: '{ id: .id }' } }
        - hear: { listen: { to: { one: { with: { type: com.example.approved, data: '${ .id == $context.id }' } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved, data: { id: 41 } }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.approved, data: { id: 42 } }
      """
    Then the workflow should complete

  Scenario: Correlation hears what belongs to this run only
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: correlation-hears-what-belongs-to-this-run-only, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved }, correlate: { order: { from: .data.order, expect: '${ .order }' } } } } } }
      """
    And the workflow input is:
      """yaml
      order: 7
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved, data: { order: 8 } }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.approved, data: { order: 7 } }
      """
    Then the workflow should complete with output:
      """yaml
      - order: 7
      """

  Scenario: Without an expected value all events of one all agree
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-an-expected-value-all-events-of-one-all-agree, version: '1.0.0' }
      do:
        - hear:
            listen:
              to:
                all:
                  - { with: { type: com.example.left }, correlate: { order: { from: .data.order } } }
                  - { with: { type: com.example.right }, correlate: { order: { from: .data.order } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.left, data: { order: 1 } }
      """
    And the event arrives:
      """yaml
      { type: com.example.right, data: { order: 2 } }
      """
    Then the workflow should be waiting
    When the event arrives:
      """yaml
      { type: com.example.right, data: { order: 1 } }
      """
    Then the workflow should complete

  Scenario: A timeout ends the wait
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-timeout-ends-the-wait, version: '1.0.0' }
      do:
        - t:
            try: [ { hear: { listen: { to: { one: { with: { type: com.example.approved } } } }, timeout: { after: { hours: 1 } } } } ]
            catch: { errors: { with: { status: 408 } }, do: [ { late: { set: { late: true } } } ] }
      """
    When the workflow is started
    And 1 hour passes
    Then the workflow should complete with output:
      """yaml
      late: true
      """
    And the workflow should have taken 1 hour

  Scenario: A restart while listening loses nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-while-listening-loses-nothing, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the workflow is started
    And the server restarts
    And the event arrives:
      """yaml
      { type: com.example.approved, data: 1 }
      """
    Then the workflow should complete with output:
      """yaml
      [ 1 ]
      """

  Scenario: all keeps what it has heard over a restart
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-keeps-what-it-has-heard-over-a-restart, version: '1.0.0' }
      do:
        - hear: { listen: { to: { all: [ { with: { type: com.example.left } }, { with: { type: com.example.right } } ] } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.left, data: 1 }
      """
    And the server restarts
    And the event arrives:
      """yaml
      { type: com.example.right, data: 2 }
      """
    Then the workflow should complete with output:
      """yaml
      [ 1, 2 ]
      """

  Scenario: Two runs hear the same event
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: two-runs-hear-the-same-event, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
        - say: { emit: { event: { with: { source: 'https://example.com', type: com.example.heard } } } }
      """
    When the workflow is started
    And the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.approved }
      """
    Then 2 events of type 'com.example.heard' should be in the inbox

  Scenario: A run hears what it emits itself
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-run-hears-what-it-emits-itself, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com', type: com.example.said, data: 1 } } } }
        - hear: { listen: { to: { one: { with: { type: com.example.said } } } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1 ]
      """

  Scenario: Cancelling ends listening
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: cancelling-ends-listening, version: '1.0.0' }
      do:
        - hear: { listen: { to: { one: { with: { type: com.example.approved } } } } }
      """
    When the workflow is started
    And the workflow is cancelled
    And the event arrives:
      """yaml
      { type: com.example.approved }
      """
    Then the workflow should cancel

  Scenario: The first branch to hear wins the race
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-first-branch-to-hear-wins-the-race, version: '1.0.0' }
      do:
        - race:
            fork:
              compete: true
              branches:
                - yes: { listen: { to: { one: { with: { type: com.example.yes } } } } }
                - no: { listen: { to: { one: { with: { type: com.example.no } } } } }
      """
    When the workflow is started
    And the event arrives:
      """yaml
      { type: com.example.no, data: 'no' }
      """
    Then the workflow should complete with output:
      """yaml
      [ 'no' ]
      """

  Scenario Outline: What is not there yet is refused by name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-not-there-yet-is-refused-by-name, version: '1.0.0' }
      do:
        - hear: { listen: { <listen> } }
      """
    Then the workflow should be refused saying '<words>'
    Examples:
      | listen                                                                  | words   |
      | to: { any: [], until: '. == 1' }                                        | until   |
      | to: { one: { with: { type: a } } }, foreach: { item: x, do: [ { a: { set: { n: 1 } } } ] } | foreach |
