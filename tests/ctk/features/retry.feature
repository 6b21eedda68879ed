Feature: Retry
    Another attempt after a delay; limits count retries after the first attempt.

  Scenario Outline: The delay grows as the backoff says
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-delay-grows-as-the-backoff-says, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { seconds: 3 }, <backoff>limit: { attempt: { count: 4 } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 500
      instance: /do/0/t/try/0/get
      """
    And the retries should have waited for milliseconds:
      """yaml
      <delays>
      """
    And get should run 5 times
    Examples:
      | backoff                       | delays                       |
      |                               | [ 3000, 3000, 3000, 3000 ]   |
      | backoff: { constant: {} },    | [ 3000, 3000, 3000, 3000 ]   |
      | backoff: { linear: {} },      | [ 3000, 6000, 9000, 12000 ]  |
      | backoff: { exponential: {} }, | [ 3000, 6000, 12000, 24000 ] |

  Scenario: Exponential growth stops at one hour
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: exponential-growth-stops-at-one-hour, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { minutes: 20 }, backoff: { exponential: {} }, limit: { attempt: { count: 4 } } } }
      """
    When the workflow is executed
    Then the retries should have waited for milliseconds:
      """yaml
      [ 1200000, 2400000, 3600000, 3600000 ]
      """

  Scenario: It ends with the first success
    Given the action 'get-issue' first fails 2 times:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And the action 'get-issue' answers:
      """yaml
      { iid: 7 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: it-ends-with-the-first-success, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 7 } } } ]
            catch: { retry: { delay: { seconds: 10 }, limit: { attempt: { count: 5 } } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      iid: 7
      """
    And get should run 3 times
    And the workflow should have taken 20 seconds

  Scenario Outline: count is the number of retries after the first attempt
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: count-is-the-number-of-retries-after-the-first-attempt, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { seconds: 1 }, limit: { attempt: { count: <count> } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 500
      instance: /do/0/t/try/0/get
      """
    And get should run <runs> times
    Examples:
      | count | runs |
      | 1     | 2    |
      | 2     | 3    |
      | 5     | 6    |

  Scenario: When the retries are used up the handler follows
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: when-the-retries-are-used-up-the-handler-follows, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch:
              retry: { delay: { seconds: 1 }, limit: { attempt: { count: 1 } } }
              do: [ { giveUp: { set: { gaveUp: '${ $error.status }' } } } ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      gaveUp: 500
      """
    And get should run 2 times
    And giveUp should run 1 time

  Scenario: The whole list is tried again, with the input of the try
    Given the action 'get-issue' first fails 1 times:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And the action 'get-issue' answers:
      """yaml
      {}
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-whole-list-is-tried-again-with-the-input-of-the-try, version: '1.0.0' }
      do:
        - t:
            try:
              - add: { set: { n: '${ .n + 1 }' } }
              - get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 }, output: { as: '{ n: $task.input.n }' } }
            catch: { retry: { delay: { seconds: 1 }, limit: { attempt: { count: 1 } } } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """
    And add should run 2 times

  Scenario: limit.duration ends retrying in time
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: limit-duration-ends-retrying-in-time, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { seconds: 10 }, limit: { duration: { seconds: 35 } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 500
      instance: /do/0/t/try/0/get
      """
    And get should run 4 times
    And the workflow should have taken 30 seconds

  Scenario: limit.attempt.duration ends each attempt, not the whole
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: limit-attempt-duration-ends-each-attempt-not-the-whole, version: '1.0.0' }
      do:
        - t:
            try: [ { nap: { wait: { minutes: 10 } } } ]
            catch:
              errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout' } }
              retry: { delay: { seconds: 1 }, limit: { attempt: { count: 2, duration: { seconds: 5 } } } }
              do: [ { slow: { set: { slow: true } } } ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      slow: true
      """
    And nap should run 3 times
    And the workflow should have taken 17 seconds

  Scenario: Jitter adds between its bounds
    Given the action 'get-issue' fails:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: jitter-adds-between-its-bounds, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { seconds: 10 }, jitter: { from: { seconds: 1 }, to: { seconds: 2 } }, limit: { attempt: { count: 20 } } } }
      """
    When the workflow is executed
    Then each retry should have waited between 11 seconds and 12 seconds
    And the workflow should have taken between 220 seconds and 240 seconds

  Scenario Outline: when and exceptWhen of the retry decide about another attempt
    Given the action 'get-issue' fails:
      """yaml
      { kind: not_found, status: 404 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: when-and-exceptwhen-of-the-retry-decide-about-another-attemp, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { <decides>, delay: { seconds: 1 }, limit: { attempt: { count: 3 } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 404
      instance: /do/0/t/try/0/get
      """
    And get should run <runs> times
    Examples:
      | decides                          | runs |
      | when: $error.status == 404       | 4    |
      | when: $error.status == 500       | 1    |
      | exceptWhen: $error.status == 404 | 1    |
      | exceptWhen: $error.status == 500 | 4    |

  Scenario: What the filter does not catch is not tried again
    Given the action 'get-issue' fails:
      """yaml
      { kind: not_found, status: 404 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-the-filter-does-not-catch-is-not-tried-again, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { errors: { with: { status: 502 } }, retry: { delay: { seconds: 1 }, limit: { attempt: { count: 3 } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 404
      instance: /do/0/t/try/0/get
      """
    And get should run 1 time

  Scenario: A policy may be defined once and named
    Given the action 'get-issue' first fails 1 times:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And the action 'get-issue' answers:
      """yaml
      { iid: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-policy-may-be-defined-once-and-named, version: '1.0.0' }
      use: { retries: { patient: { delay: { minutes: 5 }, limit: { attempt: { count: 2 } } } } }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: patient }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      iid: 1
      """
    And the workflow should have taken 5 minutes

  Scenario: A policy nobody defined is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-policy-nobody-defined-is-refused, version: '1.0.0' }
      use: { retries: { patient: { delay: { minutes: 5 } } } }
      do:
        - t: { try: [ { a: { set: { n: 1 } } } ], catch: { retry: patiant } }
      """
    Then the workflow should be refused saying 'patient'

  Scenario: A restart during the delay changes nothing
    Given the action 'get-issue' first fails 1 times:
      """yaml
      { kind: corrupt, status: 500 }
      """
    And the action 'get-issue' answers:
      """yaml
      { iid: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-during-the-delay-changes-nothing, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { retry: { delay: { minutes: 5 }, limit: { attempt: { count: 2 } } } }
      """
    When the workflow is started
    And 2 minutes pass
    And the server restarts
    And the run goes on to its end
    Then the workflow should complete with output:
      """yaml
      iid: 1
      """
    And the workflow should have taken 5 minutes
    And get should run 2 times

  Scenario: Being told to wait is no retry: the call goes on by itself
    Given the action 'get-issue' first fails 2 times:
      """yaml
      { kind: rate_limited, status: 429, retryAfterMs: 60000 }
      """
    And the action 'get-issue' answers:
      """yaml
      { iid: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: being-told-to-wait-is-no-retry-the-call-goes-on-by-itself, version: '1.0.0' }
      do:
        - get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      iid: 1
      """
    And get should run 1 time
    And the workflow should have taken 2 minutes
