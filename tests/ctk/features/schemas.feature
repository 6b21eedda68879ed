Feature: Schemas
    Input, output and export may have a JSON Schema; what does not fit is a validation error.

  Scenario: An input that fits passes
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-input-that-fits-passes, version: '1.0.0' }
      input: { schema: { document: { type: object, required: [ name ], properties: { name: { type: string } } } } }
      do:
        - a: { set: { n: '${ .name }' } }
      """
    And the workflow input is:
      """yaml
      name: Ada
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: Ada
      """

  Scenario Outline: An input that does not fit faults the run
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-input-that-does-not-fit-faults-the-run, version: '1.0.0' }
      input: { schema: { document: <schema> } }
      do:
        - a: { set: { n: 1 } }
      """
    And the workflow input is:
      """yaml
      { name: Ada, n: 5, list: [ 1, 2 ] }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """
    And a should not run
    And the error's detail should contain '<words>'
    Examples:
      | schema                                                    | words |
      | { type: object, required: [ age ] }                       | age   |
      | { type: object, properties: { name: { type: integer } } } | name  |
      | { type: object, properties: { n: { maximum: 4 } } }       | n     |
      | { type: object, properties: { name: { enum: [ Bob ] } } } | name  |
      | { type: object, properties: { name: { pattern: '^B' } } } | name  |
      | { type: object, properties: { list: { maxItems: 1 } } }   | list  |
      | { type: object, additionalProperties: false, properties: { name: {} } } | n |

  Scenario Outline: Keywords that people use
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: keywords-that-people-use, version: '1.0.0' }
      input: { schema: { document: <schema> } }
      do:
        - a: { set: { n: 1 } }
      """
    And the workflow input is:
      """yaml
      { name: Ada, n: 5, mail: ada@example.com }
      """
    When the workflow is executed
    Then the workflow should complete
    Examples:
      | schema                                                                  |
      | { oneOf: [ { required: [ name ] }, { required: [ nothing ] } ] }        |
      | { anyOf: [ { required: [ nothing ] }, { required: [ n ] } ] }           |
      | { $defs: { text: { type: string } }, properties: { name: { $ref: '#/$defs/text' } } } |
      | { if: { required: [ n ] }, then: { required: [ name ] } }               |
      | { properties: { n: { minimum: 5, multipleOf: 5 } } }                    |
      | { properties: { mail: { type: string, format: email } } }               |
      | { not: { required: [ nothing ] } }                                      |
      | true                                                                    |

  Scenario: A task's input is checked before input.from
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-input-is-checked-before-input-from, version: '1.0.0' }
      do:
        - a:
            input: { schema: { document: { type: object, required: [ user ] } }, from: .user }
            set: { n: '${ .name }' }
      """
    And the workflow input is:
      """yaml
      user: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: Ada
      """

  Scenario: A task's input that does not fit names the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-input-that-does-not-fit-names-the-task, version: '1.0.0' }
      do:
        - a:
            input: { schema: { document: { type: object, required: [ user ] } } }
            set: { n: 1 }
      """
    And the workflow input is:
      """yaml
      other: 1
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      instance: /do/0/a
      """

  Scenario: A task's output is checked after output.as
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-output-is-checked-after-output-as, version: '1.0.0' }
      do:
        - a:
            set: { n: 5, text: x }
            output: { as: .n, schema: { document: { type: integer } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      5
      """

  Scenario: A task's output that does not fit faults it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-task-s-output-that-does-not-fit-faults-it, version: '1.0.0' }
      do:
        - a:
            set: { n: 5 }
            output: { schema: { document: { type: object, required: [ text ] } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      instance: /do/0/a
      """

  Scenario: What is exported is checked
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-exported-is-checked, version: '1.0.0' }
      do:
        - a:
            set: { n: 5 }
            export: { as: '{ n: .n }', schema: { document: { type: object, properties: { n: { type: string } } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      instance: /do/0/a
      """

  Scenario: The workflow's output is checked
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-workflow-s-output-is-checked, version: '1.0.0' }
      output: { schema: { document: { type: object, required: [ text ] } } }
      do:
        - a: { set: { n: 5 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      """

  Scenario: A validation error can be caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-validation-error-can-be-caught, version: '1.0.0' }
      do:
        - t:
            try:
              - a: { input: { schema: { document: { type: object, required: [ user ] } } }, set: { n: 1 } }
            catch:
              errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/validation' } }
              do: [ { mend: { set: { caught: true } } } ]
      """
    And the workflow input is:
      """yaml
      other: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """

  Scenario: A remote schema is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-remote-schema-is-refused, version: '1.0.0' }
      input: { schema: { resource: { endpoint: 'https://example.com/schema.json' } } }
      do:
        - a: { set: { n: 1 } }
      """
    Then the workflow should be refused
