Feature: Emit
    An event goes to the inbox; the task's output is the event.

  Scenario: What CloudEvents requires is filled in
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-cloudevents-requires-is-filled-in, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com/desk', type: com.example.said } } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'id', 'specversion', 'time', 'source', 'type'
    And 1 event of type 'com.example.said' should be in the inbox

  Scenario: Members may be expressions
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: members-may-be-expressions, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com/desk', type: com.example.said, subject: '${ .who }', data: { words: '${ .words }' } } } } }
      """
    And the workflow input is:
      """yaml
      { who: ada, words: [ a, b ] }
      """
    When the workflow is executed
    Then the last event of type 'com.example.said' should have:
      """yaml
      subject: ada
      data: { words: [ a, b ] }
      """

  Scenario: An id of one's own is kept
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-id-of-one-s-own-is-kept, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { id: my-id, source: 'https://example.com/desk', type: com.example.said } } } }
      """
    When the workflow is executed
    Then the last event of type 'com.example.said' should have:
      """yaml
      id: my-id
      """

  Scenario: Each round of a loop emits an event of its own
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: each-round-of-a-loop-emits-an-event-of-its-own, version: '1.0.0' }
      do:
        - loop: { for: { each: n, in: [ 1, 2, 3 ] }, do: [ { say: { emit: { event: { with: { source: 'https://example.com/desk', type: com.example.said, data: '${ $n }' } } } } } ] }
      """
    When the workflow is executed
    Then 3 events of type 'com.example.said' should be in the inbox

  Scenario: An event starts another workflow
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: hearing, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.said } } }, read: data }
      do:
        - keep: { set: { heard: '${ .[0].words }' } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-event-starts-another-workflow, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com/desk', type: com.example.said, data: { words: hi } } } } }
      """
    When the workflow is executed
    Then the workflow 'hearing' should have run 1 time

  Scenario: A restart after the event emits it only once
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-after-the-event-emits-it-only-once, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com/desk', type: com.example.said } } } }
        - nap: { wait: { minutes: 1 } }
      """
    When the workflow is started
    And the server restarts
    And the run goes on to its end
    Then 1 event of type 'com.example.said' should be in the inbox

  Scenario: An event without a type is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-event-without-a-type-is-refused, version: '1.0.0' }
      do:
        - say: { emit: { event: { with: { source: 'https://example.com/desk' } } } }
      """
    Then the workflow should be refused saying 'type'
