Feature: Flow directives and conditions
    In which order tasks run: by writing, by `then`, by `if`.

  Scenario: Tasks run in the order they are written
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: tasks-run-in-the-order-they-are-written, version: '1.0.0' }
      do:
        - one: { set: { n: 1 } }
        - two: { set: { n: '${ .n + 1 }' } }
        - three: { set: { n: '${ .n + 1 }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 3
      """
    And one should run first
    And two should run after one
    And three should run last

  Scenario: then names a later task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: then-names-a-later-task, version: '1.0.0' }
      do:
        - one: { set: { n: 1 }, then: three }
        - two: { set: { n: 2 } }
        - three: { set: { got: '${ .n }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: 1
      """
    And two should not run

  Scenario: then names an earlier task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: then-names-an-earlier-task, version: '1.0.0' }
      do:
        - start: { set: { n: 0 }, then: check }
        - add: { set: { n: '${ .n + 1 }' } }
        - check: { switch: [ { more: { when: .n < 3, then: add } }, { done: { then: end } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 3
      """
    And add should run 3 times

  Scenario: continue goes on with the next task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: continue-goes-on-with-the-next-task, version: '1.0.0' }
      do:
        - one: { set: { n: 1 }, then: continue }
        - two: { set: { got: '${ .n }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: 1
      """

  Scenario: end ends the workflow from three lists deep
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: end-ends-the-workflow-from-three-lists-deep, version: '1.0.0' }
      do:
        - a:
            do:
              - b:
                  do:
                    - c: { set: { from: c }, then: end }
                    - d: { set: { from: d } }
              - e: { set: { from: e } }
        - f: { set: { from: f } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      from: c
      """
    And d should not run
    And e should not run
    And f should not run

  Scenario: exit leaves the list and the outer one goes on
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: exit-leaves-the-list-and-the-outer-one-goes-on, version: '1.0.0' }
      do:
        - a:
            do:
              - b: { set: { from: b }, then: exit }
              - c: { set: { from: c } }
        - d: { set: { got: '${ .from }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: b
      """
    And c should not run

  Scenario: exit at the top ends the workflow
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: exit-at-the-top-ends-the-workflow, version: '1.0.0' }
      do:
        - a: { set: { from: a }, then: exit }
        - b: { set: { from: b } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      from: a
      """

  Scenario: A skipped task passes its input on and its then does not count
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-skipped-task-passes-its-input-on-and-its-then-does-not-cou, version: '1.0.0' }
      do:
        - a: { if: .n > 5, set: { n: 9 }, then: end }
        - b: { set: { got: '${ .n }' } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: 1
      """
    And a should be skipped

  Scenario Outline: if takes jq with or without its wrapper
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: if-takes-jq-with-or-without-its-wrapper, version: '1.0.0' }
      do:
        - a: { if: '<if>', set: { ran: true } }
      """
    And the workflow input is:
      """yaml
      n: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      <output>
      """
    Examples:
      | if            | output       |
      | .n == 7       | { ran: true } |
      | ${ .n == 7 }  | { ran: true } |
      | .n == 8       | { n: 7 }      |
      | ${ .n == 8 }  | { n: 7 }      |

  Scenario: if sees the task's raw input and the context
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: if-sees-the-task-s-raw-input-and-the-context, version: '1.0.0' }
      do:
        - keep: { set: { n: 1 }, export: { as: '{ limit: 5 }' } }
        - a: { if: $context.limit > .n, set: { below: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      below: true
      """

  Scenario Outline: A condition that cannot be evaluated faults the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-condition-that-cannot-be-evaluated-faults-the-task, version: '1.0.0' }
      do:
        - a: { if: '<if>', set: { ran: true } }
      """
    And the workflow input is:
      """yaml
      n: text
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      instance: /do/0/a
      """
    Examples:
      | if             |
      | .n.x           |
      | .n \| keys     |
      | error("no")    |

  Scenario: A directive that names no task of the list is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-directive-that-names-no-task-of-the-list-is-refused, version: '1.0.0' }
      do:
        - a: { set: { x: 1 }, then: inner }
        - b: { do: [ { inner: { set: { x: 2 } } } ] }
      """
    Then the workflow should be refused at '/do/0/a/then' saying 'inner'

  Scenario: Two tasks of one name in a list are refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: two-tasks-of-one-name-in-a-list-are-refused, version: '1.0.0' }
      do:
        - a: { set: { x: 1 } }
        - a: { set: { x: 2 } }
      """
    Then the workflow should be refused saying 'a'

  Scenario: The same name in two lists is fine
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-same-name-in-two-lists-is-fine, version: '1.0.0' }
      do:
        - a: { do: [ { a: { set: { x: 1 } } } ] }
        - b: { do: [ { a: { set: { x: '${ .x + 1 }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      x: 2
      """

  Scenario: An empty list of tasks is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-empty-list-of-tasks-is-refused, version: '1.0.0' }
      do: []
      """
    Then the workflow should be refused
