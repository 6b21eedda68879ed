Feature: Switch
    The first case whose condition holds says where to go; the data passes unchanged.

  Scenario Outline: The first case that holds wins
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-first-case-that-holds-wins, version: '1.0.0' }
      do:
        - pick:
            switch:
              - small: { when: .n < 10, then: setSmall }
              - medium: { when: .n < 100, then: setMedium }
              - large: { then: setLarge }
        - setSmall: { set: { is: small }, then: end }
        - setMedium: { set: { is: medium }, then: end }
        - setLarge: { set: { is: large } }
      """
    And the workflow input is:
      """yaml
      n: <n>
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      is: <is>
      """
    And pick should run first
    Examples:
      | n    | is     |
      | 3    | small  |
      | 10   | medium |
      | 99   | medium |
      | 1000 | large  |

  Scenario: The default case may stand anywhere and comes last
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-default-case-may-stand-anywhere-and-comes-last, version: '1.0.0' }
      do:
        - pick:
            switch:
              - otherwise: { then: setOther }
              - one: { when: .n == 1, then: setOne }
        - setOne: { set: { is: one }, then: end }
        - setOther: { set: { is: other } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      is: one
      """

  Scenario: Without a match and without a default the next task follows with the same data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-a-match-and-without-a-default-the-next-task-follows, version: '1.0.0' }
      do:
        - pick:
            switch:
              - one: { when: .n == 1, then: setOne }
        - next: { set: { got: '${ .n }' }, then: end }
        - setOne: { set: { is: one } }
      """
    And the workflow input is:
      """yaml
      n: 2
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: 2
      """

  Scenario Outline: A case may continue, exit or end
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-case-may-continue-exit-or-end, version: '1.0.0' }
      do:
        - outer:
            do:
              - pick:
                  switch:
                    - always: { then: <then> }
              - inner: { set: { inner: true } }
        - after: { set: { after: true, inner: '${ .inner // false }' } }
      """
    And the workflow input is:
      """yaml
      { n: 1 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      <output>
      """
    Examples:
      | then     | output                        |
      | continue | { after: true, inner: true }  |
      | exit     | { after: true, inner: false } |
      | end      | { n: 1 }                      |

  Scenario Outline: What jq takes for true counts as true
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-jq-takes-for-true-counts-as-true, version: '1.0.0' }
      do:
        - pick:
            switch:
              - yes: { when: .value, then: setYes }
              - no: { then: setNo }
        - setYes: { set: { is: yes }, then: end }
        - setNo: { set: { is: no } }
      """
    And the workflow input is:
      """yaml
      value: <value>
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      is: <is>
      """
    Examples:
      | value | is  |
      | true  | yes |
      | 0     | yes |
      | ''    | yes |
      | []    | yes |
      | false | no  |
      | null  | no  |

  Scenario: A condition that fails is an expression error at the switch
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-condition-that-fails-is-an-expression-error-at-the-switch, version: '1.0.0' }
      do:
        - pick:
            switch:
              - bad: { when: '.n | keys', then: end }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/pick
      """

  Scenario: Conditions after the first that holds are not evaluated
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: conditions-after-the-first-that-holds-are-not-evaluated, version: '1.0.0' }
      do:
        - pick:
            switch:
              - one: { when: .n == 1, then: setOne }
              - bad: { when: '.n | keys', then: end }
        - setOne: { set: { is: one } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      is: one
      """

  Scenario: A case may lead back, so a loop can be written
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-case-may-lead-back-so-a-loop-can-be-written, version: '1.0.0' }
      do:
        - add: { set: { n: '${ .n + 1 }' } }
        - again:
            switch:
              - more: { when: .n < 5, then: add }
      """
    And the workflow input is:
      """yaml
      n: 0
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 5
      """
    And add should run 5 times

  Scenario: A loop without end is stopped by the step budget
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-loop-without-end-is-stopped-by-the-step-budget, version: '1.0.0' }
      do:
        - add: { set: { n: 1 }, then: add }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      """
    And the error's detail should contain 'a loop that never ends'

  Scenario: Two default cases are refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: two-default-cases-are-refused, version: '1.0.0' }
      do:
        - pick: { switch: [ { a: { then: end } }, { b: { then: exit } } ] }
      """
    Then the workflow should be refused

  Scenario: A case that leads nowhere is refused with the nearest name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-case-that-leads-nowhere-is-refused-with-the-nearest-name, version: '1.0.0' }
      do:
        - pick: { switch: [ { a: { when: '.x', then: setRde } } ] }
        - setRed: { set: { x: 1 } }
      """
    Then the workflow should be refused saying 'setRed'
