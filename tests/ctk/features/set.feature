Feature: Set
    A set task's value becomes its output; nothing of its input stays.

  Scenario: Set replaces and does not merge
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: set-replaces-and-does-not-merge, version: '1.0.0' }
      do:
        - first: { set: { a: 1, b: 2 } }
        - second: { set: { b: 3 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      b: 3
      """

  Scenario: A value may be nested lists and objects with expressions inside
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-value-may-be-nested-lists-and-objects-with-expressions-ins, version: '1.0.0' }
      do:
        - shape: { set: { list: [ '${ .n }', { deep: '${ .n }' }, [ '${ .n }' ] ], plain: [ 1, two ] } }
      """
    And the workflow input is:
      """yaml
      n: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      list: [ 7, { deep: 7 }, [ 7 ] ]
      plain: [ 1, two ]
      """

  Scenario: The whole value may be one expression
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-whole-value-may-be-one-expression, version: '1.0.0' }
      do:
        - all: { set: '${ .user }' }
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

  Scenario Outline: Only a text that is wholly one expression is evaluated
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: only-a-text-that-is-wholly-one-expression-is-evaluated, version: '1.0.0' }
      do:
        - keep: { set: { text: '<text>' } }
      """
    And the workflow input is:
      """yaml
      n: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: '<text>'
      """
    Examples:
      | text              |
      | n is ${ .n }      |
      | ${ .n } it is     |
      | $ { .n }          |
      | .n                |
      | $context          |
      | {{ .n }}          |

  Scenario Outline: Blanks around an expression do not matter
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: blanks-around-an-expression-do-not-matter, version: '1.0.0' }
      do:
        - get: { set: { n: '<text>' } }
      """
    And the workflow input is:
      """yaml
      n: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 7
      """
    Examples:
      | text          |
      | ${.n}         |
      | ${   .n   }   |
      | ${ (.n) }     |

  Scenario: Data that looks like an expression stays data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: data-that-looks-like-an-expression-stays-data, version: '1.0.0' }
      do:
        - copy: { set: { copy: '${ .text }' } }
        - again: { set: { copy: '${ .copy }' } }
      """
    And the workflow input is:
      """yaml
      text: '${ .secret }'
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      copy: '${ .secret }'
      """

  Scenario: Values keep their types
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: values-keep-their-types, version: '1.0.0' }
      do:
        - types: { set: { nothing: null, yes: true, whole: 3, part: 2.5, text: '3', list: [], map: {} } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { nothing: null, yes: true, whole: 3, part: 2.5, text: '3', list: [], map: {} }
      """

  Scenario: A missing member is null
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-missing-member-is-null, version: '1.0.0' }
      do:
        - get: { set: { got: '${ .no.such.thing }' } }
      """
    And the workflow input is:
      """yaml
      {}
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: null
      """

  Scenario: Large whole numbers keep their digits on the way through
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: large-whole-numbers-keep-their-digits-on-the-way-through, version: '1.0.0' }
      do:
        - get: { set: { id: '${ .id }' } }
      """
    And the workflow input is:
      """yaml
      id: 9007199254740993
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 9007199254740993
      """

  Scenario: Names with other letters than a to z
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: names-with-other-letters-than-a-to-z, version: '1.0.0' }
      do:
        - get: { set: { 'größe': '${ ."größe" }', '漢字 x': '${ .["漢字 x"] }' } }
      """
    And the workflow input is:
      """yaml
      { 'größe': 4, '漢字 x': 5 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { 'größe': 4, '漢字 x': 5 }
      """

  Scenario: Without input the input is null
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-input-the-input-is-null, version: '1.0.0' }
      do:
        - get: { set: { input: '${ . }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      input: null
      """
