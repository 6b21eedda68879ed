Feature: Schedule by time
    cron, every and after; time zones, overlap, what was missed. The clock begins on a Sunday, 2026-11-22 at noon UTC.

  Scenario: cron starts a run at each of its times
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: cron-starts-a-run-at-each-of-its-times, version: '1.0.0' }
      schedule: { cron: '30 9 * * 1-5' }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And 3 days pass
    Then the runs should have started at:
      """yaml
      [ '2026-11-23T09:30:00.000Z', '2026-11-24T09:30:00.000Z', '2026-11-25T09:30:00.000Z' ]
      """

  Scenario: cron counts in the time zone of the workflow
    Given a workflow with definition:
      """yaml
      document:
        dsl: '1.0.3'
        namespace: ctk
        name: zone
        version: '1.0.0'
        metadata: { schedule: { timezone: Europe/Berlin } }
      schedule: { cron: '0 9 * * *' }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And 2 days pass
    Then the runs should have started at:
      """yaml
      [ '2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z' ]
      """

  Scenario Outline: cron fields
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: cron-fields, version: '1.0.0' }
      schedule: { cron: '<cron>' }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And <time> pass
    Then the workflow should have run <runs> times
    Examples:
      | cron             | time      | runs |
      | * * * * *        | 5 minutes | 5    |
      | */15 * * * *     | 2 hours   | 8    |
      | 0 0 * * *        | 5 days    | 5    |
      | 0 12 * * 0       | 15 days   | 2    |
      | 0 12 * * 7       | 15 days   | 2    |
      | 0 6,18 * * *     | 2 days    | 4    |
      | 0 8-10 * * MON   | 7 days    | 3    |
      | 0 0 1 * *        | 40 days   | 2    |
      | 0 0 29 2 *       | 90 days   | 0    |

  Scenario: every starts runs at a fixed rate
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: every-starts-runs-at-a-fixed-rate, version: '1.0.0' }
      schedule: { every: { minutes: 10 } }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And 35 minutes pass
    Then the workflow should have run 3 times

  Scenario: after counts from the end of the run before
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: after-counts-from-the-end-of-the-run-before, version: '1.0.0' }
      schedule: { after: { minutes: 10 } }
      do:
        - nap: { wait: { minutes: 5 } }
      """
    When the workflow is published
    And 41 minutes pass
    Then the workflow should have run 3 times

  Scenario: Runs may overlap
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: runs-may-overlap, version: '1.0.0' }
      schedule: { every: { minutes: 10 } }
      do:
        - nap: { wait: { minutes: 25 } }
      """
    When the workflow is published
    And 32 minutes pass
    Then the workflow should have run 3 times

  Scenario: Overlap skip starts nothing while a run is under way
    Given a workflow with definition:
      """yaml
      document:
        dsl: '1.0.3'
        namespace: ctk
        name: skip
        version: '1.0.0'
        metadata: { schedule: { overlap: skip } }
      schedule: { every: { minutes: 10 } }
      do:
        - nap: { wait: { minutes: 25 } }
      """
    When the workflow is published
    And 32 minutes pass
    Then the workflow should have run 1 time
    When 10 minutes pass
    Then the workflow should have run 2 times

  Scenario: What was missed is caught up once
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-was-missed-is-caught-up-once, version: '1.0.0' }
      schedule: { cron: '0 * * * *' }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And 90 minutes pass
    Then the workflow should have run 1 time
    Given the time is '2026-11-22T20:10:00Z'
    When the server restarts
    Then the workflow should have run 2 times
    When 1 hour passes
    Then the workflow should have run 3 times

  Scenario: A restart in between starts nothing twice
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-restart-in-between-starts-nothing-twice, version: '1.0.0' }
      schedule: { every: { minutes: 10 } }
      do:
        - a: { set: { n: 1 } }
      """
    When the workflow is published
    And 10 minutes pass
    And the server restarts
    And the server restarts
    Then the workflow should have run 1 time

  Scenario: A scheduled run gets an empty object as input
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-scheduled-run-gets-an-empty-object-as-input, version: '1.0.0' }
      schedule: { every: { minutes: 10 } }
      do:
        - a: { set: { input: '${ . }' } }
      """
    When the workflow is published
    And 10 minutes pass
    Then the workflow should complete with output:
      """yaml
      input: {}
      """

  Scenario Outline: What is no schedule is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-is-no-schedule-is-refused, version: '1.0.0' }
      schedule: { <schedule> }
      do:
        - a: { set: { n: 1 } }
      """
    Then the workflow should be refused
    Examples:
      | schedule                                   |
      | cron: '* * * *'                            |
      | cron: '0 0 0 * * *'                        |
      | cron: '61 * * * *'                         |
      | every: soon                                |
      | every: { minutes: 1 }, cron: '* * * * *'   |
      | evry: { minutes: 1 }                       |

  Scenario: A time zone that does not exist is refused
    Given a workflow with definition:
      """yaml
      document:
        dsl: '1.0.3'
        namespace: ctk
        name: zone
        version: '1.0.0'
        metadata: { schedule: { timezone: Europe/Atlantis } }
      schedule: { cron: '0 9 * * *' }
      do:
        - a: { set: { n: 1 } }
      """
    Then the workflow should be refused saying 'Europe/Atlantis'
