Feature: Inline functions
    A task written once under use.functions and called by name; its arguments are its input.

  Scenario: A function gets its arguments as input
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-gets-its-arguments-as-input, version: '1.0.0' }
      use: { functions: { greet: { set: { text: '${ "hello \(.name)" }' } } } }
      do:
        - a: { call: greet, with: { name: '${ .who }' } }
      """
    And the workflow input is:
      """yaml
      who: Ada
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: hello Ada
      """

  Scenario: A function may be a list of tasks
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-may-be-a-list-of-tasks, version: '1.0.0' }
      use:
        functions:
          add:
            do:
              - one: { set: { n: '${ .n + 1 }' } }
              - two: { set: { n: '${ .n + 1 }' } }
      do:
        - a: { call: add, with: { n: 1 } }
        - b: { set: { n: '${ .n * 10 }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 30
      """

  Scenario: A function may be called twice
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-may-be-called-twice, version: '1.0.0' }
      use: { functions: { twice: { set: { n: '${ .n * 2 }' } } } }
      do:
        - a: { call: twice, with: { n: 3 } }
        - b: { call: twice, with: { n: '${ .n }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 12
      """

  Scenario: A function may call another one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-may-call-another-one, version: '1.0.0' }
      use:
        functions:
          inner: { set: { n: '${ .n + 1 }' } }
          outer: { do: [ { go: { call: inner, with: { n: '${ .n * 10 }' } } } ] }
      do:
        - a: { call: outer, with: { n: 1 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 11
      """

  Scenario: An error in a function is caught outside
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-in-a-function-is-caught-outside, version: '1.0.0' }
      use: { functions: { bad: { raise: { error: { type: 'https://example.com/bad', status: 418 } } } } }
      do:
        - t: { try: [ { a: { call: bad } } ], catch: { errors: { with: { status: 418 } }, do: [ { mend: { set: { caught: true } } } ] } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """

  Scenario: A function that waits
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-that-waits, version: '1.0.0' }
      use: { functions: { nap: { wait: { minutes: 1 } } } }
      do:
        - a: { call: nap }
        - b: { call: nap }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken 2 minutes

  Scenario: A function that calls itself without end is stopped or refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-that-calls-itself-without-end-is-stopped-or-refus, version: '1.0.0' }
      use: { functions: { again: { do: [ { go: { call: again } } ] } } }
      do:
        - a: { call: again }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      title: Functions nested too deep
      instance: /use/functions/again/do/0/go
      """

  Scenario: A function nobody defined is refused with the nearest name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-function-nobody-defined-is-refused-with-the-nearest-name, version: '1.0.0' }
      use: { functions: { greet: { set: { x: 1 } } } }
      do:
        - a: { call: gret }
      """
    Then the workflow should be refused saying 'greet'
