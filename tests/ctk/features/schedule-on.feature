Feature: Schedule on events
    Which events start a run, and what it gets.

  Scenario: One event starts one run with its data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: one-event-starts-one-run-with-its-data, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened } } }, read: data }
      do:
        - keep: { set: { got: '${ . }' } }
      """
    When the workflow is published
    And the event arrives:
      """yaml
      { type: com.example.opened, data: { n: 1 } }
      """
    Then the workflow should have run 1 time
    And the workflow should complete with output:
      """yaml
      got: [ { n: 1 } ]
      """

  Scenario: read envelope gives the whole event
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: read-envelope-gives-the-whole-event, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened } } }, read: envelope }
      do:
        - keep: { set: { type: '${ .[0].type }', n: '${ .[0].data.n }' } }
      """
    When the event arrives:
      """yaml
      { type: com.example.opened, data: { n: 1 } }
      """
    Then the workflow should complete with output:
      """yaml
      { type: com.example.opened, n: 1 }
      """

  Scenario: Another type starts nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: another-type-starts-nothing, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened } } }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.closed }
      """
    Then the workflow should have run 0 times

  Scenario Outline: A filter compares each attribute it lists
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-filter-compares-each-attribute-it-lists, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened, <filter> } } }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.opened, source: 'https://desk.example.com', subject: INC-42, data: { level: 3 } }
      """
    Then the workflow should have run <runs> times
    Examples:
      | filter                              | runs |
      | source: 'https://desk.example.com'  | 1    |
      | source: 'https://other.example.com' | 0    |
      | subject: INC-42                     | 1    |
      | subject: '^INC-[0-9]+$'              | 1    |
      | subject: INC-43                     | 0    |
      | data: '${ .level > 2 }'             | 1    |
      | data: '${ .level > 3 }'             | 0    |

  Scenario: any takes several filters
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: any-takes-several-filters, version: '1.0.0' }
      schedule: { on: { any: [ { with: { type: com.example.opened } }, { with: { type: com.example.reopened } } ] }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.opened }
      """
    And the event arrives:
      """yaml
      { type: com.example.reopened }
      """
    And the event arrives:
      """yaml
      { type: com.example.closed }
      """
    Then the workflow should have run 2 times

  Scenario: The same event twice starts one run
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-same-event-twice-starts-one-run, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened } } }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.opened, id: same }
      """
    And the event arrives:
      """yaml
      { type: com.example.opened, id: same }
      """
    Then the workflow should have run 1 time

  Scenario: Another source may use the same id
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: another-source-may-use-the-same-id, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.opened } } }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.opened, id: same, source: 'https://a.example.com' }
      """
    And the event arrives:
      """yaml
      { type: com.example.opened, id: same, source: 'https://b.example.com' }
      """
    Then the workflow should have run 2 times

  Scenario: all waits for one of each
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-waits-for-one-of-each, version: '1.0.0' }
      schedule: { on: { all: [ { with: { type: com.example.left } }, { with: { type: com.example.right } } ] }, read: data }
      do:
        - keep: { set: { got: '${ . }' } }
      """
    When the event arrives:
      """yaml
      { type: com.example.left, data: 1 }
      """
    Then the workflow should have run 0 times
    When the event arrives:
      """yaml
      { type: com.example.right, data: 2 }
      """
    Then the workflow should have run 1 time
    And the workflow should complete with output:
      """yaml
      got: [ 1, 2 ]
      """

  Scenario: all survives a restart between its events
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-survives-a-restart-between-its-events, version: '1.0.0' }
      schedule: { on: { all: [ { with: { type: com.example.left } }, { with: { type: com.example.right } } ] }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.right }
      """
    And the server restarts
    And the event arrives:
      """yaml
      { type: com.example.left }
      """
    Then the workflow should have run 1 time

  Scenario: all uses each event once
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-uses-each-event-once, version: '1.0.0' }
      schedule: { on: { all: [ { with: { type: com.example.left } }, { with: { type: com.example.right } } ] }, read: data }
      do:
        - keep: { set: { n: 1 } }
      """
    When the event arrives:
      """yaml
      { type: com.example.left }
      """
    And the event arrives:
      """yaml
      { type: com.example.right }
      """
    And the event arrives:
      """yaml
      { type: com.example.right }
      """
    Then the workflow should have run 1 time
    When the event arrives:
      """yaml
      { type: com.example.left }
      """
    Then the workflow should have run 2 times

  Scenario: all with correlation pairs what belongs together
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-with-correlation-pairs-what-belongs-together, version: '1.0.0' }
      schedule:
        on:
          all:
            - { with: { type: com.example.left }, correlate: { order: { from: .data.order } } }
            - { with: { type: com.example.right }, correlate: { order: { from: .data.order } } }
        read: data
      do:
        - keep: { set: { orders: '${ map(.order) }' } }
      """
    When the event arrives:
      """yaml
      { type: com.example.left, data: { order: 1 } }
      """
    And the event arrives:
      """yaml
      { type: com.example.right, data: { order: 2 } }
      """
    Then the workflow should have run 0 times
    When the event arrives:
      """yaml
      { type: com.example.right, data: { order: 1 } }
      """
    Then the workflow should have run 1 time
    And the workflow should complete with output:
      """yaml
      orders: [ 1, 1 ]
      """
