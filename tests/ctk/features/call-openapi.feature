Feature: Call OpenAPI
    Operations by name, from a Swagger 2.0 or an OpenAPI 3 document.

  Scenario: Parameters go where the document says
    Given GET 'https://api.example.com/spec.json' answers 200:
      """yaml
      openapi: 3.0.3
      servers: [ { url: 'https://api.example.com/v1' } ]
      paths:
        /users/{id}/notes:
          get:
            operationId: findNotes
            parameters:
              - { name: id, in: path, required: true, schema: { type: integer } }
              - { name: tag, in: query, schema: { type: string } }
              - { name: X-Trace, in: header, schema: { type: string } }
      """
    And GET 'https://api.example.com/v1/users/7/notes' answers 200:
      """yaml
      [ one, two ]
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: parameters-go-where-the-document-says, version: '1.0.0' }
      do:
        - find: { call: openapi, with: { document: { endpoint: 'https://api.example.com/spec.json' }, operationId: findNotes, parameters: { id: '${ .id }', tag: 'a b', X-Trace: t1 } } }
      """
    And the workflow input is:
      """yaml
      id: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ one, two ]
      """
    And 1 request GET 'https://api.example.com/v1/users/7/notes?tag=a%20b' should have been sent
    And the last request should have the header 'X-Trace' with value 't1'

  Scenario: A body goes to an operation that takes one
    Given GET 'https://api.example.com/spec.json' answers 200:
      """yaml
      openapi: 3.1.0
      servers: [ { url: 'https://api.example.com/v1' } ]
      paths:
        /notes:
          post:
            operationId: addNote
            requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      """
    And POST 'https://api.example.com/v1/notes' answers 201:
      """yaml
      { id: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-body-goes-to-an-operation-that-takes-one, version: '1.0.0' }
      do:
        - add: { call: openapi, with: { document: { endpoint: 'https://api.example.com/spec.json' }, operationId: addNote, parameters: { body: { text: hi } } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 1
      """
    And the last request should have the body:
      """yaml
      text: hi
      """

  Scenario: Swagger 2.0 has host and basePath
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: swagger-2-0-has-host-and-basepath, version: '1.0.0' }
      do:
        - get: { call: openapi, with: { document: { endpoint: 'https://petstore.swagger.io/v2/swagger.json' }, operationId: getPetById, parameters: { petId: 2 } }, output: { as: .name } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      Milo
      """

  Scenario: The document may be YAML
    Given GET 'https://api.example.com/spec.yaml' answers text of type 'application/yaml':
      """yaml
      openapi: 3.0.0
      servers:
        - url: https://api.example.com
      paths:
        /ping:
          get: { operationId: ping }
      """
    And GET 'https://api.example.com/ping' answers 200:
      """yaml
      pong
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-document-may-be-yaml, version: '1.0.0' }
      do:
        - ping: { call: openapi, with: { document: { endpoint: 'https://api.example.com/spec.yaml' }, operationId: ping } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      pong
      """

  Scenario: An operation that is not there names the nearest
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-operation-that-is-not-there-names-the-nearest, version: '1.0.0' }
      do:
        - get: { call: openapi, with: { document: { endpoint: 'https://petstore.swagger.io/v2/swagger.json' }, operationId: getPetByID } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      """
    And the error's remedy should contain 'getPetById'

  Scenario: A required parameter that is missing is named
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-required-parameter-that-is-missing-is-named, version: '1.0.0' }
      do:
        - get: { call: openapi, with: { document: { endpoint: 'https://petstore.swagger.io/v2/swagger.json' }, operationId: getPetById } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """
    And the error's detail should contain 'petId'
    And 1 request GET 'https://petstore.swagger.io/v2/swagger.json' should have been sent

  Scenario: An operation that fails is a communication error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-operation-that-fails-is-a-communication-error, version: '1.0.0' }
      do:
        - get: { call: openapi, with: { document: { endpoint: 'https://petstore.swagger.io/v2/swagger.json' }, operationId: getPetById, parameters: { petId: 99 } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 404
      instance: /do/0/get
      """

  Scenario: output response is that of call http
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-response-is-that-of-call-http, version: '1.0.0' }
      do:
        - get: { call: openapi, with: { document: { endpoint: 'https://petstore.swagger.io/v2/swagger.json' }, operationId: getPetById, parameters: { petId: 1 }, output: response } }
      """
    When the workflow is executed
    Then the workflow output should have properties 'request.method', 'request.uri', 'request.headers', 'headers', 'statusCode', 'content.id'
