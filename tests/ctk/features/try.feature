Feature: Try and catch
    Which errors are caught, under which name, and what follows.

  Scenario Outline: A filter compares each member it lists
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-filter-compares-each-member-it-lists, version: '1.0.0' }
      do:
        - t:
            try:
              - boom: { raise: { error: { type: 'https://example.com/errors/full', status: 507, title: Disk full, detail: no room } } }
            catch:
              errors: { with: { <filter> } }
              do: [ { mend: { set: { caught: true } } } ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """
    Examples:
      | filter                                    |
      | type: 'https://example.com/errors/full'   |
      | status: 507                               |
      | title: Disk full                          |
      | detail: no room                           |
      | instance: /do/0/t/try/0/boom              |
      | status: 507, title: Disk full             |

  Scenario Outline: A filter that differs in one member catches nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-filter-that-differs-in-one-member-catches-nothing, version: '1.0.0' }
      do:
        - t:
            try:
              - boom: { raise: { error: { type: 'https://example.com/errors/full', status: 507, title: Disk full, detail: no room } } }
            catch:
              errors: { with: { <filter> } }
              do: [ { mend: { set: { caught: true } } } ]
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/errors/full
      status: 507
      """
    And mend should not run
    Examples:
      | filter                                       |
      | type: 'https://example.com/errors/empty'     |
      | status: 500                                  |
      | title: Disk empty                            |
      | detail: some room                            |
      | instance: /do/0/t/try/0/bang                 |
      | status: 507, title: Disk empty               |

  Scenario Outline: Known bases of the standard types are the same
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: known-bases-of-the-standard-types-are-the-same, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: '<raised>', status: 400 } } } } ]
            catch: { errors: { with: { type: '<caught>' } }, do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """
    Examples:
      | raised | caught |
      | https://open-workflow-specification.org/spec/1.0.0/errors/timeout | https://serverlessworkflow.io/spec/1.0.0/errors/timeout |
      | https://serverlessworkflow.io/dsl/errors/types/runtime | https://open-workflow-specification.org/dsl/errors/types/runtime |
      | https://open-workflow-specification.org/dsl/errors/types/communication | https://open-workflow-specification.org/spec/1.0.0/errors/communication |

  Scenario Outline: Other types are compared letter by letter
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: other-types-are-compared-letter-by-letter, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: '<raised>', status: 400 } } } } ]
            catch: { errors: { with: { type: '<caught>' } }, do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: '<raised>'
      status: 400
      """
    Examples:
      | raised | caught |
      | https://example.com/errors/timeout | https://open-workflow-specification.org/spec/1.0.0/errors/timeout |
      | https://open-workflow-specification.org/spec/1.0.0/errors/made-up | https://serverlessworkflow.io/spec/1.0.0/errors/made-up |
      | https://example.com/A | https://example.com/a |

  Scenario: Without a filter everything is caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-a-filter-everything-is-caught, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """

  Scenario: The error is called error unless it has a name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-error-is-called-error-unless-it-has-a-name, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418, title: Tea } } } } ]
            catch: { do: [ { mend: { set: { title: '${ $error.title }', status: '${ $error.status }', at: '${ $error.instance }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      title: Tea
      status: 418
      at: /do/0/t/try/0/boom
      """

  Scenario: as gives it another name, in conditions too
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: as-gives-it-another-name-in-conditions-too, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { as: problem, when: $problem.status == 418, do: [ { mend: { set: { status: '${ $problem.status }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 418
      """

  Scenario Outline: when and exceptWhen decide after the filter what is caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: when-and-exceptwhen-decide-what-is-caught, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { <decides>, do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """
    Examples:
      | decides                          |
      | when: $error.status == 418       |
      | exceptWhen: $error.status == 500 |

  Scenario Outline: what when and exceptWhen do not let through goes on as it was
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: when-and-exceptwhen-decide-what-goes-on, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { <decides>, do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/x
      status: 418
      instance: /do/0/t/try/0/boom
      """
    Examples:
      | decides                                                     |
      | when: $error.status == 500                                  |
      | exceptWhen: $error.status == 418                            |
      | when: $error.status == 418, exceptWhen: $error.status > 400 |

  Scenario: What the tasks give is the output when nothing fails
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-the-tasks-give-is-the-output-when-nothing-fails, version: '1.0.0' }
      do:
        - t:
            try: [ { a: { set: { n: 1 } } }, { b: { set: { n: '${ .n + 1 }' } } } ]
            catch: { do: [ { mend: { set: { caught: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """
    And mend should not run

  Scenario: The handler's input is the input of the try
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-handler-s-input-is-the-input-of-the-try, version: '1.0.0' }
      do:
        - t:
            try: [ { a: { set: { n: 99 } } }, { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { do: [ { mend: { set: { had: '${ .n }' } } } ] }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      had: 1
      """

  Scenario: Without a handler the error is swallowed and the input passes
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-a-handler-the-error-is-swallowed-and-the-input-passe, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { errors: { with: { status: 418 } } }
        - after: { set: { n: '${ .n }', after: true } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { n: 1, after: true }
      """

  Scenario: An inner try that does not fit leaves the error to the outer one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-inner-try-that-does-not-fit-leaves-the-error-to-the-outer, version: '1.0.0' }
      do:
        - outer:
            try:
              - inner:
                  try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
                  catch: { errors: { with: { status: 500 } }, do: [ { never: { set: { by: inner } } } ] }
            catch: { errors: { with: { status: 418 } }, do: [ { mend: { set: { by: outer, at: '${ $error.instance }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      by: outer
      at: /do/0/outer/try/0/inner/try/0/boom
      """
    And never should not run

  Scenario: A handler may raise the error again
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-handler-may-raise-the-error-again, version: '1.0.0' }
      do:
        - outer:
            try:
              - inner:
                  try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418, title: Tea } } } } ]
                  catch: { as: e, do: [ { again: { raise: { error: { type: 'https://example.com/y', status: '${ $e.status }', title: '${ $e.title + " again" }' } } } } ] }
            catch: { do: [ { mend: { set: { title: '${ $error.title }', at: '${ $error.instance }' } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      title: Tea again
      at: /do/0/outer/try/0/inner/catch/do/0/again
      """

  Scenario: An error in a handler is not caught by its own try
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-in-a-handler-is-not-caught-by-its-own-try, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { do: [ { bad: { raise: { error: { type: 'https://example.com/y', status: 500 } } } } ] }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/y
      instance: /do/0/t/catch/do/0/bad
      """

  Scenario: then of a catch says where to go after handling
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: then-of-a-catch-says-where-to-go-after-handling, version: '1.0.0' }
      do:
        - t:
            try: [ { boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } } } ]
            catch: { do: [ { mend: { set: { mended: true } } } ], then: last }
        - skipped: { set: { skipped: true } }
        - last: { set: { mended: '${ .mended }', last: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { mended: true, last: true }
      """
    And skipped should not run

  Scenario: then of a catch does not count when nothing fails
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: then-of-a-catch-does-not-count-when-nothing-fails, version: '1.0.0' }
      do:
        - t:
            try: [ { a: { set: { n: 1 } } } ]
            catch: { do: [ { mend: { set: { mended: true } } } ], then: end }
        - next: { set: { n: '${ .n + 1 }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """

  Scenario: Context exported before an error stays
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: context-exported-before-an-error-stays, version: '1.0.0' }
      do:
        - t:
            try:
              - a: { set: { n: 1 }, export: { as: '{ seen: .n }' } }
              - boom: { raise: { error: { type: 'https://example.com/x', status: 418 } } }
            catch: { do: [ { mend: { set: '${ $context }' } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      seen: 1
      """

  Scenario: An expression error is caught like any other
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-expression-error-is-caught-like-any-other, version: '1.0.0' }
      do:
        - t:
            try: [ { bad: { set: { n: '${ .text.x }' } } } ]
            catch:
              errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/expression' } }
              do: [ { mend: { set: { status: '${ $error.status }' } } } ]
      """
    And the workflow input is:
      """yaml
      text: abc
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 400
      """

  Scenario: An error of an action is caught by its status
    Given the action 'get-issue' fails:
      """yaml
      kind: not_found
      status: 404
      message: 404 Not found
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-of-an-action-is-caught-by-its-status, version: '1.0.0' }
      do:
        - t:
            try: [ { get: { call: get-issue:1.0.0@gitlab, with: { project: a/b, iid: 1 } } } ]
            catch: { errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication', status: 404 } }, do: [ { mend: { set: { missing: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      missing: true
      """
    And get should fault

  Scenario: A catch without anything in it is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-catch-without-anything-in-it-is-refused, version: '1.0.0' }
      do:
        - t: { try: [ { a: { set: { n: 1 } } } ], catch: {} }
      """
    Then the workflow should be refused
