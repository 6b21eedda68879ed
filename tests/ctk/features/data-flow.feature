Feature: Data flow
    Input, output, export and context: what each task sees and what it leaves behind.

  Scenario: input.from shapes what a task sees
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: input-from-shapes-what-a-task-sees, version: '1.0.0' }
      do:
        - a: { input: { from: .user }, set: { name: '${ .name }' } }
      """
    And the workflow input is:
      """yaml
      user: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      name: Ada
      """

  Scenario: input.from may be an object
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: input-from-may-be-an-object, version: '1.0.0' }
      do:
        - a: { input: { from: { who: '${ .user.name }', kind: person } }, set: { all: '${ . }' } }
      """
    And the workflow input is:
      """yaml
      user: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      all: { who: Ada, kind: person }
      """

  Scenario: The workflow's own input.from comes first
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-workflow-s-own-input-from-comes-first, version: '1.0.0' }
      input: { from: .order }
      do:
        - a: { set: { id: '${ .id }' } }
      """
    And the workflow input is:
      """yaml
      order: { id: 5 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 5
      """

  Scenario: output.as shapes what a task gives
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-as-shapes-what-a-task-gives, version: '1.0.0' }
      do:
        - a: { set: { n: 1, m: 2 }, output: { as: .m } }
        - b: { set: { got: '${ . }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: 2
      """

  Scenario: output.as may be an object
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-as-may-be-an-object, version: '1.0.0' }
      do:
        - a: { set: { n: 1 }, output: { as: { twice: '${ .n * 2 }' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      twice: 2
      """

  Scenario: The workflow's output.as comes last
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-workflow-s-output-as-comes-last, version: '1.0.0' }
      output: { as: .result }
      do:
        - a: { set: { result: [ 1, 2 ], rest: x } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2 ]
      """

  Scenario: export.as replaces the context
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: export-as-replaces-the-context, version: '1.0.0' }
      do:
        - a: { set: { n: 1 }, export: { as: '{ a: .n }' } }
        - b: { set: { n: 2 }, export: { as: '{ b: .n }' } }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      b: 2
      """

  Scenario: export.as may add to the context
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: export-as-may-add-to-the-context, version: '1.0.0' }
      do:
        - a: { set: { n: 1 }, export: { as: '$context + { a: . }' } }
        - b: { set: { n: 2 }, export: { as: '$context + { b: . }' } }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      a: { n: 1 }
      b: { n: 2 }
      """

  Scenario: export sees the output after output.as
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: export-sees-the-output-after-output-as, version: '1.0.0' }
      do:
        - a: { set: { n: 1, m: 2 }, output: { as: .m }, export: { as: '{ kept: . }' } }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: 2
      """

  Scenario: Before the first export the context is empty
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: before-the-first-export-the-context-is-empty, version: '1.0.0' }
      do:
        - a: { set: { context: '${ $context }', member: '${ $context.x }' } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'member' property with value:
      """yaml
      null
      """

  Scenario: A context made inside a list stays outside of it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-context-made-inside-a-list-stays-outside-of-it, version: '1.0.0' }
      do:
        - list: { do: [ { a: { set: { n: 1 }, export: { as: '{ a: .n }' } } } ] }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      a: 1
      """

  Scenario: A context made in a loop carries over the rounds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-context-made-in-a-loop-carries-over-the-rounds, version: '1.0.0' }
      do:
        - loop:
            for: { each: n, in: [ 1, 2, 3 ] }
            do: [ { a: { set: { n: '${ $n }' }, export: { as: '{ sum: (($context.sum // 0) + .n) }' } } } ]
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      sum: 6
      """

  Scenario Outline: Variables in a task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: variables-in-a-task, version: '1.0.0' }
      input: { from: .order }
      do:
        - a:
            input: { from: .item }
            set: { got: '${ <program> }' }
      """
    And the workflow input is:
      """yaml
      order: { item: { n: 3 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: <value>
      """
    Examples:
      | program                   | value                       |
      | .                         | { n: 3 }                    |
      | $input                    | { n: 3 }                    |
      | $task.name                | a                           |
      | $task.reference           | /do/0/a                     |
      | $task.input               | { item: { n: 3 } }          |
      | $workflow.definition.document.name | variables-in-a-task |
      | $workflow.input           | { order: { item: { n: 3 } } } |
      | $runtime.name             | fairlead                    |
      | ($workflow.id \| length) > 5 | true                     |
      | $workflow.startedAt.epoch.seconds | 1795348800           |
      | $task.startedAt.iso8601   | '2026-11-22T12:00:00.000Z'      |

  Scenario: $output is what a task gave
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-is-what-a-task-gave, version: '1.0.0' }
      do:
        - a: { set: { n: 1 }, output: { as: '{ seen: $output.n }' } }
        - b: { set: { n: '${ .seen }' }, export: { as: '{ kept: $output.n }' } }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: 1
      """

  Scenario: Data that is no object flows as well
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: data-that-is-no-object-flows-as-well, version: '1.0.0' }
      do:
        - a: { set: { list: [ 1, 2, 3 ] }, output: { as: .list } }
        - b: { set: { count: '${ length }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      count: 3
      """

  Scenario Outline: An expression in any place that fails names its task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-expression-in-any-place-that-fails-names-its-task, version: '1.0.0' }
      do:
        - a: { <place>, set: { n: 1 } }
      """
    And the workflow input is:
      """yaml
      text: abc
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/a
      """
    Examples:
      | place                                |
      | input: { from: .text.x }             |
      | output: { as: .n.x }                 |
      | export: { as: .n.x }                 |
      | if: .text.x                          |

  Scenario: A workflow's output.as that fails faults the run
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-workflow-s-output-as-that-fails-faults-the-run, version: '1.0.0' }
      output: { as: .n.x }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      """

  Scenario Outline: Bare jq is fine in fields that are expressions by nature
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: bare-jq-is-fine-in-fields-that-are-expressions-by-nature, version: '1.0.0' }
      do:
        - a: { set: { n: 1 }, output: { as: <as> } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      <value>
      """
    Examples:
      | as               | value |
      | .n               | 1     |
      | '${ .n }'        | 1     |
      | '.n + 1'         | 2     |
      | '{ x: .n }'      | { x: 1 } |
