Feature: Fork
    Branches run side by side; all of them, or the first one to finish.

  Scenario: The output lists the branches as written, however long they take
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: the-output-lists-the-branches-as-written-however-long-they-t, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - slow: { do: [ { nap: { wait: { seconds: 10 } } }, { a: { set: { who: slow } } } ] }
                - fast: { set: { who: fast } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - who: slow
      - who: fast
      """
    And the workflow should have taken 10 seconds

  Scenario: Branches wait at the same time, not one after the other
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: branches-wait-at-the-same-time-not-one-after-the-other, version: '1.0.0' }
      do:
        - three: { fork: { branches: [ { a: { wait: PT1M } }, { b: { wait: PT2M } }, { c: { wait: PT3M } } ] } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should have taken 3 minutes

  Scenario: Each branch gets the fork's input
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: each-branch-gets-the-fork-s-input, version: '1.0.0' }
      do:
        - both: { fork: { branches: [ { a: { set: { n: '${ .n + 1 }' } } }, { b: { set: { n: '${ .n + 2 }' } } } ] } }
      """
    And the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - n: 2
      - n: 3
      """

  Scenario: In a race the first to finish gives the output and the others are cancelled
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: in-a-race-the-first-to-finish-gives-the-output-and-the-other, version: '1.0.0' }
      do:
        - race:
            fork:
              compete: true
              branches:
                - slow: { do: [ { napSlow: { wait: PT10S } }, { a: { set: { who: slow } } } ] }
                - fast: { do: [ { napFast: { wait: PT5S } }, { b: { set: { who: fast } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      who: fast
      """
    And the workflow should have taken 5 seconds
    And slow should cancel
    And a should not run

  Scenario: In a race among equals the one written first wins
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: in-a-race-among-equals-the-one-written-first-wins, version: '1.0.0' }
      do:
        - race: { fork: { compete: true, branches: [ { a: { set: { who: a } } }, { b: { set: { who: b } } } ] } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      who: a
      """

  Scenario: An error in a branch faults the fork and cancels the others
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: an-error-in-a-branch-faults-the-fork-and-cancels-the-others, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - slow: { wait: PT1H }
                - bad: { raise: { error: { type: 'https://example.com/bad', status: 418, title: Bad } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://example.com/bad
      status: 418
      instance: /do/0/both/fork/branches/1/bad
      """
    And slow should cancel

  Scenario: A branch that catches its own error does not fault the fork
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-branch-that-catches-its-own-error-does-not-fault-the-fork, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - ok: { set: { fine: true } }
                - bad:
                    try: [ { boom: { raise: { error: { type: 'https://example.com/bad', status: 418 } } } } ]
                    catch: { do: [ { mend: { set: { mended: true } } } ] }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - fine: true
      - mended: true
      """

  Scenario: Exports inside branches are dropped, the fork's own counts
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: exports-inside-branches-are-dropped-the-fork-s-own-counts, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - a: { set: { n: 1 }, export: { as: '{ a: . }' } }
                - b: { set: { n: 2 }, export: { as: '{ b: . }' } }
            export: { as: '{ both: . }' }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      both: [ { n: 1 }, { n: 2 } ]
      """

  Scenario: Without an export of the fork the context stays
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: without-an-export-of-the-fork-the-context-stays, version: '1.0.0' }
      do:
        - keep: { set: { n: 0 }, export: { as: '{ kept: true }' } }
        - both: { fork: { branches: [ { a: { set: { n: 1 }, export: { as: '{ a: . }' } } } ] } }
        - show: { set: '${ $context }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: true
      """

  Scenario: A fork inside a branch of a fork
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-fork-inside-a-branch-of-a-fork, version: '1.0.0' }
      do:
        - outer:
            fork:
              branches:
                - a: { fork: { branches: [ { aa: { set: { n: 1 } } }, { ab: { set: { n: 2 } } } ] } }
                - b: { set: { n: 3 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - - n: 1
        - n: 2
      - n: 3
      """

  Scenario: A cancelled race cancels what is inside of its losers
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-cancelled-race-cancels-what-is-inside-of-its-losers, version: '1.0.0' }
      do:
        - race:
            fork:
              compete: true
              branches:
                - deep: { do: [ { inner: { do: [ { nap: { wait: PT1H } } ] } } ] }
                - quick: { wait: PT1S }
      """
    When the workflow is executed
    Then the workflow should complete
    And nap should cancel
    And inner should cancel
    And deep should cancel

  Scenario: A fork survives a restart with each branch where it was
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-fork-survives-a-restart-with-each-branch-where-it-was, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - a: { do: [ { napA: { wait: PT10S } }, { setA: { set: { who: a } } } ] }
                - b: { do: [ { napB: { wait: PT20S } }, { setB: { set: { who: b } } } ] }
      """
    When the workflow is started
    And 15 seconds pass
    And the server restarts
    And the run goes on to its end
    Then the workflow should complete with output:
      """yaml
      - who: a
      - who: b
      """
    And setA should run 1 time
    And the workflow should have taken 20 seconds

  Scenario: end inside a branch ends the workflow
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: end-inside-a-branch-ends-the-workflow, version: '1.0.0' }
      do:
        - both: { fork: { branches: [ { a: { wait: PT1H } }, { b: { do: [ { c: { set: { from: c }, then: end } } ] } } ] } }
        - after: { set: { after: true } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      from: c
      """
    And after should not run
