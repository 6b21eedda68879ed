Feature: Call HTTP
    Method, endpoint, query, headers, body and output of a plain HTTP call; errors and redirects.

  Scenario Outline: Each method is sent as it is written
    Given <upper> 'https://api.example.com/thing' answers 200:
      """yaml
      { ok: true }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: each-method-is-sent-as-it-is-written, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: <method>, endpoint: 'https://api.example.com/thing' } }
      """
    When the workflow is executed
    Then the workflow should complete
    And 1 request <upper> 'https://api.example.com/thing' should have been sent
    Examples:
      | method | upper  |
      | get    | GET    |
      | POST   | POST   |
      | put    | PUT    |
      | patch  | PATCH  |
      | delete | DELETE |

  Scenario: The content of a JSON answer is the output
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      { a: [ 1, 2.5, null ] }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-content-of-a-json-answer-is-the-output, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { a: [ 1, 2.5, null ] }
      """

  Scenario: An answer that is no JSON is text
    Given GET 'https://api.example.com/text' answers text of type 'text/plain':
      """yaml
      hello there
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-answer-that-is-no-json-is-text, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/text' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      hello there
      """

  Scenario: An answer without a body is null
    Given GET 'https://api.example.com/nothing' answers 204
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-answer-without-a-body-is-null, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/nothing' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      null
      """

  Scenario: output raw gives the bytes as base64
    Given GET 'https://api.example.com/text' answers text of type 'text/plain':
      """yaml
      hi
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-raw-gives-the-bytes-as-base64, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/text', output: raw } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      aGk=
      """

  Scenario: output response gives status, headers and content
    Given GET 'https://api.example.com/thing' answers 201:
      """yaml
      { id: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: output-response-gives-status-headers-and-content, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', output: response } }
      """
    When the workflow is executed
    Then the workflow output should have properties 'request.method', 'request.uri', 'request.headers', 'headers.content-type'
    And the workflow output should have a 'statusCode' property with value:
      """yaml
      201
      """
    And the workflow output should have a 'content' property with value:
      """yaml
      id: 1
      """
    And the workflow output should have a 'request.uri' property with value:
      """yaml
      https://api.example.com/thing
      """

  Scenario: The endpoint may be an object
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-endpoint-may-be-an-object, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """

  Scenario: The endpoint may be an expression
    Given GET 'https://api.example.com/users/7' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-endpoint-may-be-an-expression, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: '${ "https://api.example.com/users/\(.id)" }' } }
      """
    And the workflow input is:
      """yaml
      id: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """

  Scenario Outline: A URI template takes members of the input, encoded
    Given GET 'https://api.example.com/users/<path>' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-uri-template-takes-members-of-the-input-encoded, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/users/{name}' } }
      """
    And the workflow input is:
      """yaml
      name: <name>
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """
    And 1 request GET 'https://api.example.com/users/<path>' should have been sent
    Examples:
      | name     | path      |
      | ada      | ada       |
      | 7        | 7         |
      | a b      | a%20b     |
      | a/b      | a%2Fb     |
      | 'ä?&'    | %C3%A4%3F%26 |

  Scenario: Query parameters are encoded and join those of the URL
    Given GET 'https://api.example.com/find' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: query-parameters-are-encoded-and-join-those-of-the-url, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/find?x=1', query: { q: '${ .q }', n: 2 } } }
      """
    And the workflow input is:
      """yaml
      q: a b&c
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """
    And 1 request GET 'https://api.example.com/find?x=1&q=a%20b%26c&n=2' should have been sent

  Scenario: Headers are sent, with expressions filled in
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: headers-are-sent-with-expressions-filled-in, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing', headers: { X-Team: '${ .team }', Accept: application/json } } }
      """
    And the workflow input is:
      """yaml
      team: ops
      """
    When the workflow is executed
    Then the last request should have the header 'X-Team' with value 'ops'
    And the last request should have the header 'Accept' with value 'application/json'

  Scenario: A body that is an object is sent as JSON
    Given POST 'https://api.example.com/things' answers 201:
      """yaml
      { id: 9 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-body-that-is-an-object-is-sent-as-json, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: post, endpoint: 'https://api.example.com/things', body: { name: '${ .name }', tags: [ a, b ] } } }
      """
    And the workflow input is:
      """yaml
      name: Ada
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 9
      """
    And the last request should have the body:
      """yaml
      { name: Ada, tags: [ a, b ] }
      """
    And the last request should have the header 'Content-Type' with value 'application/json'

  Scenario: A body that is text is sent as text
    Given POST 'https://api.example.com/things' answers 200
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-body-that-is-text-is-sent-as-text, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: post, endpoint: 'https://api.example.com/things', body: 'plain words' } }
      """
    When the workflow is executed
    Then the last request should have the body:
      """yaml
      plain words
      """

  Scenario: A body may be a form
    Given POST 'https://api.example.com/form' answers 200
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-body-may-be-a-form, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: post, endpoint: 'https://api.example.com/form', headers: { Content-Type: application/x-www-form-urlencoded }, body: { a: 1, b: x y } } }
      """
    When the workflow is executed
    Then the last request should have the body:
      """yaml
      'a=1&b=x%20y'
      """

  Scenario Outline: An answer that is no success is a communication error with its status
    Given GET 'https://api.example.com/thing' answers <status>:
      """yaml
      { message: no }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-answer-that-is-no-success-is-a-communication-error-with-i, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: <status>
      instance: /do/0/call
      """
    Examples:
      | status |
      | 301    |
      | 400    |
      | 401    |
      | 403    |
      | 404    |
      | 409    |
      | 418    |
      | 500    |
      | 503    |

  Scenario: A redirect is followed when the workflow says so
    Given GET 'https://api.example.com/old' answers 302 leading to 'https://api.example.com/new'
    And GET 'https://api.example.com/new' answers 200:
      """yaml
      moved
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-redirect-is-followed-when-the-workflow-says-so, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/old', redirect: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      moved
      """

  Scenario: A redirect to another host takes no credentials along
    Given GET 'https://api.example.com/old' answers 302 leading to 'https://other.example.com/new'
    And GET 'https://other.example.com/new' answers 200:
      """yaml
      moved
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-redirect-to-another-host-takes-no-credentials-along, version: '1.0.0' }
      do:
        - call:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://api.example.com/old', authentication: { bearer: { token: abcdef } } }
              redirect: true
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      moved
      """
    And the last request should not have the header 'Authorization'

  Scenario: Basic authentication
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: basic-authentication, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { basic: { username: ada, password: lovelace } } } } }
      """
    When the workflow is executed
    Then the last request should have the header 'Authorization' with value 'Basic YWRhOmxvdmVsYWNl'

  Scenario: Bearer authentication
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: bearer-authentication, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { bearer: { token: '${ .token }' } } } } }
      """
    And the workflow input is:
      """yaml
      token: abc123
      """
    When the workflow is executed
    Then the last request should have the header 'Authorization' with value 'Bearer abc123'

  Scenario: A policy may be defined once and named
    Given GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-policy-may-be-defined-once-and-named, version: '1.0.0' }
      use: { authentications: { desk: { basic: { username: ada, password: lovelace } } } }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { use: desk } } } }
      """
    When the workflow is executed
    Then the last request should have the header 'Authorization' with value 'Basic YWRhOmxvdmVsYWNl'

  Scenario: A policy nobody defined is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-policy-nobody-defined-is-refused, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { use: desk } } } }
      """
    Then the workflow should be refused saying 'desk'

  Scenario: OAuth 2.0 client credentials fetch a token once and use it twice
    Given POST 'https://auth.example.com/oauth2/token' answers 200:
      """yaml
      { access_token: t0ken, token_type: Bearer, expires_in: 3600 }
      """
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: oauth-2-0-client-credentials-fetch-a-token-once-and-use-it-t, version: '1.0.0' }
      use:
        authentications:
          app:
            oauth2:
              authority: https://auth.example.com
              grant: client_credentials
              client: { id: desk, secret: s3cret-value }
              endpoints: { token: /oauth2/token }
      do:
        - first: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { use: app } } } }
        - second: { call: http, with: { method: get, endpoint: { uri: 'https://api.example.com/thing', authentication: { use: app } } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the last request should have the header 'Authorization' with value 'Bearer t0ken'
    And 1 request POST 'https://auth.example.com/oauth2/token' should have been sent
    And 2 requests GET 'https://api.example.com/thing' should have been sent
    And 't0ken' should be written nowhere

  Scenario: A token that is not given is an authentication error
    Given POST 'https://auth.example.com/oauth2/token' answers 401:
      """yaml
      { error: invalid_client }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-token-that-is-not-given-is-an-authentication-error, version: '1.0.0' }
      do:
        - call:
            call: http
            with:
              method: get
              endpoint:
                uri: https://api.example.com/thing
                authentication: { oauth2: { authority: https://auth.example.com, grant: client_credentials, client: { id: desk, secret: wrong-secret } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
      instance: /do/0/call
      """
    And 0 requests GET 'https://api.example.com/thing' should have been sent

  Scenario Outline: Addresses inside of the network are refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: addresses-inside-of-the-network-are-refused, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: '<url>' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      instance: /do/0/call
      """
    And the error's detail should contain 'Refused to connect to '
    Examples:
      | url                                |
      | http://127.0.0.1:9/                |
      | http://127.1:9/                    |
      | http://localhost:9/                |
      | http://desk.localhost:9/           |
      | http://169.254.169.254/latest      |
      | http://[::1]:9/                    |
      | http://[::ffff:10.0.0.1]/          |
      | http://10.0.0.1/                   |
      | http://100.64.0.1/                 |

  Scenario Outline: A redirect leads to no address inside of the network
    Given GET 'https://api.example.com/old' answers 302 leading to '<url>'
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-redirect-leads-to-no-address-inside-of-the-network, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'https://api.example.com/old', redirect: true } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      instance: /do/0/call
      """
    And the error's detail should contain 'Refused to connect to '
    And 1 request GET 'https://api.example.com/old' should have been sent
    Examples:
      | url                           |
      | http://127.0.0.1:9/           |
      | http://169.254.169.254/latest |
      | http://[::1]:9/               |
      | http://10.0.0.1/              |

  Scenario: A scheme that is not HTTP is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-scheme-that-is-not-http-is-refused, version: '1.0.0' }
      do:
        - call: { call: http, with: { method: get, endpoint: 'ftp://api.example.com/' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      instance: /do/0/call
      """
    And the error's detail should contain 'does not start with https:// or http://'

  Scenario: A read is tried again by try and succeeds
    Given GET 'https://api.example.com/thing' first answers 503 for 2 times
    And GET 'https://api.example.com/thing' answers 200:
      """yaml
      ok
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-read-is-tried-again-by-try-and-succeeds, version: '1.0.0' }
      do:
        - t:
            try: [ { call: { call: http, with: { method: get, endpoint: 'https://api.example.com/thing' } } } ]
            catch: { errors: { with: { status: 503 } }, retry: { delay: { seconds: 5 }, limit: { attempt: { count: 3 } } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ok
      """
    And 3 requests GET 'https://api.example.com/thing' should have been sent
    And the workflow should have taken 10 seconds

  Scenario Outline: What is wrong with a call is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-wrong-with-a-call-is-refused, version: '1.0.0' }
      do:
        - call: { call: http, with: { <with> } }
      """
    Then the workflow should be refused saying '<words>'
    Examples:
      | with                                                           | words    |
      | endpoint: 'https://api.example.com/'                           | method   |
      | method: get                                                    | endpoint |
      | method: get, endpoint: 'https://api.example.com/', outptu: raw | output   |
      | method: get, endpoint: 'https://api.example.com/', output: xml | response |
