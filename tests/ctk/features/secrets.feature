Feature: Secrets
    Values that reach a call and nothing else.

  Scenario: A secret reaches the header and is written nowhere
    Given the secret 'apiKey' is 'k3y-of-the-house'
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-secret-reaches-the-header-and-is-written-nowhere, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Api-Key: '${ $secrets.apiKey }' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """
    And the last request should have the header 'X-Api-Key' with value 'k3y-of-the-house'
    And 'k3y-of-the-house' should be written nowhere

  Scenario: A secret inside of a text
    Given the secret 'apiKey' is 'k3y-of-the-house'
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-secret-inside-of-a-text, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Api-Key: '${ "key=" + $secrets.apiKey }' } } }
      """
    When the workflow is executed
    Then the last request should have the header 'X-Api-Key' with value 'key=k3y-of-the-house'

  Scenario: What a service echoes is masked
    Given the secret 'apiKey' is 'k3y-of-the-house'
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      { you_sent: k3y-of-the-house, fine: true }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-a-service-echoes-is-masked, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Api-Key: '${ $secrets.apiKey }' } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'fine' property with value:
      """yaml
      true
      """
    And 'k3y-of-the-house' should be written nowhere

  Scenario: A secret in a policy
    Given the secret 'token' is 'bearer-value-1'
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-secret-in-a-policy, version: '1.0.0' }
      use: { secrets: [ token ] }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { bearer: { token: '${ $secrets.token }' } } } } }
      """
    When the workflow is executed
    Then the last request should have the header 'Authorization' with value 'Bearer bearer-value-1'
    And 'bearer-value-1' should be written nowhere

  Scenario: A secret that nobody set is a configuration error that names it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-secret-that-nobody-set-is-a-configuration-error-that-names, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Api-Key: '${ $secrets.apiKey }' } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      instance: /do/0/call
      """
    And the error's detail should contain 'apiKey'
    And 0 requests GET 'https://api.example.com/thing' should have been sent

  Scenario Outline: Secrets outside of call arguments and authentication are refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: secrets-outside-of-call-arguments-and-authentication-are-ref, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - a: { <task> }
      """
    Then the workflow should be refused saying 'secrets'
    Examples:
      | task                                                                             |
      | set: { x: '${ $secrets.apiKey }' }                                               |
      | if: '$secrets.apiKey == 1', set: { x: 1 }                                        |
      | set: { x: 1 }, output: { as: '$secrets' }                                        |
      | set: { x: 1 }, export: { as: '$secrets' }                                        |
      | raise: { error: { type: 'https://e.com', status: 400, title: '${ $secrets.apiKey }' } } |

  Scenario: A secret that is not listed is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-secret-that-is-not-listed-is-refused, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Api-Key: '${ $secrets.apiKeys }' } } }
      """
    Then the workflow should be refused saying 'apiKey'

  Scenario: Data that names a secret stays data
    Given the secret 'apiKey' is 'k3y-of-the-house'
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: data-that-names-a-secret-stays-data, version: '1.0.0' }
      use: { secrets: [ apiKey ] }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Text: '${ .text }', X-Api-Key: '${ $secrets.apiKey }' } } }
      """
    And the workflow input is:
      """yaml
      text: '${ $secrets.apiKey }'
      """
    When the workflow is executed
    Then the last request should have the header 'X-Text' with value '${ $secrets.apiKey }'
