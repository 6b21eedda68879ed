Feature: Raise
    Errors as RFC 7807 has them: type, status, title, detail, and the place they come from.

  Scenario Outline: All standard types may be raised
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: all-standard-types-may-be-raised, version: '1.0.0' }
      do:
        - boom: { raise: { error: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/<type>', status: <status>, title: T } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/<type>
      status: <status>
      title: T
      instance: /do/0/boom
      """
    Examples:
      | type           | status |
      | configuration  | 400    |
      | validation     | 400    |
      | expression     | 400    |
      | authentication | 401    |
      | authorization  | 403    |
      | timeout        | 408    |
      | communication  | 500    |
      | runtime        | 500    |

  Scenario: Members may be expressions
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: members-may-be-expressions, version: '1.0.0' }
      do:
        - boom: { raise: { error: { type: 'https://example.com/x', status: '${ .status }', title: '${ "No \(.what)" }', detail: '${ .why }' } } }
      """
    And the workflow input is:
      """yaml
      { status: 402, what: money, why: spent }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/x
      status: 402
      title: No money
      detail: spent
      """

  Scenario: An error may be defined once and named
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-may-be-defined-once-and-named, version: '1.0.0' }
      use:
        errors:
          broken: { type: 'https://example.com/broken', status: 500, title: Broken }
      do:
        - boom: { raise: { error: broken } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/broken
      status: 500
      title: Broken
      instance: /do/0/boom
      """

  Scenario: A name nobody defined is refused with the nearest one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-name-nobody-defined-is-refused-with-the-nearest-one, version: '1.0.0' }
      use: { errors: { broken: { type: 'https://example.com/broken', status: 500 } } }
      do:
        - boom: { raise: { error: brokn } }
      """
    Then the workflow should be refused saying 'broken'

  Scenario Outline: The instance is the task's pointer, however deep it lies
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-instance-is-the-task-s-pointer-however-deep-it-lies, version: '1.0.0' }
      do:
      <body>
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      instance: <instance>
      """
    Examples:
      | body | instance |
      | - a: { do: [ { b: { raise: { error: { type: 'https://e.com/x', status: 400 } } } } ] } | /do/0/a/do/0/b |
      | - a: { for: { in: [ 1 ] }, do: [ { b: { raise: { error: { type: 'https://e.com/x', status: 400 } } } } ] } | /do/0/a/do/0/b |
      | - a: { fork: { branches: [ { b: { raise: { error: { type: 'https://e.com/x', status: 400 } } } } ] } } | /do/0/a/fork/branches/0/b |
      | - a: { try: [ { b: { raise: { error: { type: 'https://e.com/x', status: 400 } } } } ], catch: { errors: { with: { status: 500 } } } } | /do/0/a/try/0/b |

  Scenario: A raise ends the list it stands in
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-raise-ends-the-list-it-stands-in, version: '1.0.0' }
      do:
        - a: { set: { n: 1 } }
        - boom: { raise: { error: { type: 'https://example.com/x', status: 500 } } }
        - b: { set: { n: 2 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/x
      status: 500
      instance: /do/1/boom
      """
    And b should not run
    And boom should fault

  Scenario: An error without a type is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-without-a-type-is-refused, version: '1.0.0' }
      do:
        - boom: { raise: { error: { status: 500 } } }
      """
    Then the workflow should be refused saying 'type'
