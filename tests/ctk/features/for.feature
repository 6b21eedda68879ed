Feature: For
    One round for each item, one after the other; a round's input is the output of the one before.

  Scenario: Rounds are chained
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: rounds-are-chained, version: '1.0.0' }
      do:
        - sum:
            for: { each: item, in: .items }
            do:
              - add: { set: { total: '${ .total + $item }', items: '${ .items }' } }
      """
    And the workflow input is:
      """yaml
      { total: 0, items: [ 1, 2, 3 ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { total: 6, items: [ 1, 2, 3 ] }
      """
    And add should run 3 times

  Scenario: Item and index have names of one's own
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: item-and-index-have-names-of-one-s-own, version: '1.0.0' }
      do:
        - list:
            for: { each: pet, at: place, in: .pets }
            do:
              - one: { set: { seen: '${ .seen + ["\($place):\($pet)"] }' } }
      """
    And the workflow input is:
      """yaml
      { pets: [ cat, dog ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      seen: [ '0:cat', '1:dog' ]
      """

  Scenario: Without names they are item and index
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-names-they-are-item-and-index, version: '1.0.0' }
      do:
        - list:
            for: { in: .pets }
            do:
              - one: { set: { seen: '${ .seen + [$index, $item] }' } }
      """
    And the workflow input is:
      """yaml
      { pets: [ cat, dog ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      seen: [ 0, cat, 1, dog ]
      """

  Scenario: The list is taken once, before the first round
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-list-is-taken-once-before-the-first-round, version: '1.0.0' }
      do:
        - list:
            for: { each: n, in: .list }
            do:
              - grow: { set: { list: '${ .list + [9] }' } }
      """
    And the workflow input is:
      """yaml
      list: [ 1, 2 ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      list: [ 1, 2, 9, 9 ]
      """

  Scenario: while is asked before each round
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: while-is-asked-before-each-round, version: '1.0.0' }
      do:
        - sum:
            for: { each: n, in: .list }
            while: .total < 3
            do:
              - add: { set: { total: '${ (.total // 0) + $n }' } }
      """
    And the workflow input is:
      """yaml
      { total: 0, list: [ 1, 2, 3, 4 ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      total: 3
      """
    And add should run 2 times

  Scenario: while false at first means no round
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: while-false-at-first-means-no-round, version: '1.0.0' }
      do:
        - sum:
            for: { each: n, in: .list }
            while: false
            do:
              - add: { set: { x: 1 } }
      """
    And the workflow input is:
      """yaml
      list: [ 1 ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      list: [ 1 ]
      """

  Scenario: No items, no rounds: the input passes
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: no-items-no-rounds-the-input-passes, version: '1.0.0' }
      do:
        - none: { for: { each: n, in: .list }, do: [ { add: { set: { x: 1 } } } ] }
      """
    And the workflow input is:
      """yaml
      { list: [], kept: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { list: [], kept: true }
      """

  Scenario: A list may be written out
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-list-may-be-written-out, version: '1.0.0' }
      do:
        - list: { for: { each: n, in: [ 1, two, { three: 3 } ] }, do: [ { add: { set: { all: '${ .all + [$n] }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      all: [ 1, two, { three: 3 } ]
      """

  Scenario: Loops nest and see each other's variables
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: loops-nest-and-see-each-other-s-variables, version: '1.0.0' }
      do:
        - rows:
            for: { each: row, at: y, in: .rows }
            do:
              - cells:
                  for: { each: cell, at: x, in: $row }
                  do:
                    - put: { set: { rows: '${ .rows }', out: '${ .out + ["\($y),\($x)=\($cell)"] }' } }
        - only: { set: { out: '${ .out }' } }
      """
    And the workflow input is:
      """yaml
      rows: [ [ a, b ], [ c ] ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      out: [ '0,0=a', '0,1=b', '1,0=c' ]
      """

  Scenario: The loop's variables end with the loop
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-loop-s-variables-end-with-the-loop, version: '1.0.0' }
      do:
        - loop: { for: { each: n, in: [ 1 ] }, do: [ { a: { set: { n: '${ $n }' } } } ] }
        - after: { set: { n: '${ $n }' } }
      """
    Then the workflow should be refused saying '$n'

  Scenario Outline: What is no list faults the loop
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-no-list-faults-the-loop, version: '1.0.0' }
      do:
        - loop: { for: { each: n, in: .list }, do: [ { a: { set: { n: 1 } } } ] }
      """
    And the workflow input is:
      """yaml
      list: <list>
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/loop
      """
    And a should not run
    Examples:
      | list     |
      | 5        |
      | text     |
      | { a: 1 } |

  Scenario: exit inside a round ends that round, the next one follows
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: exit-inside-a-round-ends-that-round-the-next-one-follows, version: '1.0.0' }
      do:
        - loop:
            for: { each: n, in: [ 1, 2 ] }
            do:
              - a: { set: { all: '${ .all + [$n] }' }, then: exit }
              - b: { set: { never: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      all: [ 1, 2 ]
      """
    And b should not run

  Scenario: end inside a round ends the workflow
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: end-inside-a-round-ends-the-workflow, version: '1.0.0' }
      do:
        - loop:
            for: { each: n, in: [ 1, 2 ] }
            do:
              - a: { set: { n: '${ $n }' }, then: end }
        - after: { set: { after: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 1
      """

  Scenario: An error in one round ends the loop and names its place
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-in-one-round-ends-the-loop-and-names-its-place, version: '1.0.0' }
      do:
        - loop:
            for: { each: n, in: [ 1, 0, 2 ] }
            do:
              - a: { if: $n == 0, raise: { error: { type: 'https://example.com/zero', status: 400, title: Zero } } }
              - b: { set: { n: '${ $n }' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/zero
      instance: /do/0/loop/do/0/a
      """
    And b should run 1 time

  Scenario: A loop inside of try is tried again from its first round
    Given the action 'get-issue' first fails 1 times:
      """yaml
      kind: corrupt
      status: 500
      """
    And the action 'get-issue' answers:
      """yaml
      iid: 1
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-loop-inside-of-try-is-tried-again-from-its-first-round, version: '1.0.0' }
      do:
        - t:
            try:
              - loop:
                  for: { each: n, in: [ 1, 2 ] }
                  do:
                    - mark: { set: { n: '${ $n }' } }
                    - get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: '${ $n }' } }
            catch: { errors: { with: { status: 500 } }, retry: { delay: { seconds: 1 }, limit: { attempt: { count: 2 } } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And mark should run 3 times

  Scenario: Waits inside of rounds add up
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: waits-inside-of-rounds-add-up, version: '1.0.0' }
      do:
        - loop: { for: { each: n, in: [ 1, 2, 3 ] }, do: [ { nap: { wait: { minutes: 1 } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken 3 minutes
