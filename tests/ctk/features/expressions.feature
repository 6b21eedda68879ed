Feature: Expressions
    jq, in helper processes that can do nothing but compute; what is dangerous is refused or fails alone.

  Scenario Outline: jq works as jq does
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: jq-works-as-jq-does, version: '1.0.0' }
      do:
        - a: { set: { got: '${ <program> }' } }
      """
    And the workflow input is:
      """yaml
      { list: [ 3, 1, 2 ], text: 'Größe 漢', n: -2.5, map: { b: 1, a: 2 }, flag: false, nothing: null }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: <value>
      """
    Examples:
      | program                                   | value               |
      | .list \| sort                             | [ 1, 2, 3 ]         |
      | .list \| map(. * 2) \| add                | 12                  |
      | [.list[] \| select(. > 1)]                | [ 3, 2 ]            |
      | .list[-1]                                 | 2                   |
      | .list[1:]                                 | [ 1, 2 ]            |
      | .list[5]                                  | null                |
      | .map \| keys                              | [ a, b ]            |
      | .map \| to_entries \| map(.key) \| join("-") | b-a              |
      | .text \| length                           | 7                   |
      | .text \| ascii_downcase                   | größe 漢            |
      | "<\(.text)>"                              | '<Größe 漢>'        |
      | "\(.list) \(.map) \(.nothing)"            | '[3,1,2] {"b":1,"a":2} null' |
      | .n \| floor                               | -3                  |
      | .flag // "else"                           | else                |
      | .nothing // .list[0]                      | 3                   |
      | if .flag then 1 else 2 end                | 2                   |
      | reduce .list[] as $x (0; . + $x)          | 6                   |
      | def twice(f): f \| f; .list[0] \| twice(. + 1) | 5              |
      | try error("x") catch .                    | x                   |
      | .missing?.deeper                          | null                |
      | [limit(3; repeat(1))]                     | [ 1, 1, 1 ]         |
      | "a,b" \| split(",")                       | [ a, b ]            |
      | "2026" \| tonumber + 1                    | 2027                |
      | .text \| test("^Gr")                      | true                |
      | now \| todate                             | '2026-11-22T12:00:00Z' |
      | @base64 "\("hi")"                         | aGk=                |
      | first(range(5; 10))                       | 5                   |
      | empty                                     | null                |
      | 1, 2                                      | 1                   |
      | .map + { c: 3 }                           | { b: 1, a: 2, c: 3 } |

  Scenario Outline: A program that does not compile is refused with its place
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-program-that-does-not-compile-is-refused-with-its-place, version: '1.0.0' }
      do:
        - a: { set: { got: '${ <program> }' } }
      """
    Then the workflow should be refused at '/do/0/a/set/got' saying '<words>'
    Examples:
      | program          | words                       |
      | .a \|            | more is expected            |
      | foo(1)           | There is no function        |
      | $contxt          | $context                    |
      | .a) \| (.b       | closes a bracket            |
      | "abc             | not closed                  |
      | if . then 1 end  | else                        |

  Scenario Outline: What would reach outside of the data is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: what-would-reach-outside-of-the-data-is-refused, version: '1.0.0' }
      do:
        - a: { set: { got: '${ <program> }' } }
      """
    Then the workflow should be refused saying 'not available'
    Examples:
      | program                     |
      | env                         |
      | env.PATH                    |
      | $ENV.PATH                   |
      | input                       |
      | [inputs]                    |
      | input_filename              |
      | import "a" as a; 1          |
      | include "a"; 1              |
      | $__loc__                    |
      | halt                        |
      | halt_error                  |
      | get_search_list             |

  Scenario Outline: A program that eats time or memory costs its own task an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: a-program-that-eats-time-or-memory-costs-its-own-task-an-err, version: '1.0.0' }
      do:
        - t:
            try: [ { a: { set: { got: '${ <program> }' } } } ]
            catch: { do: [ { mend: { set: { caught: true } } } ] }
        - well: { set: { caught: '${ .caught }', fine: '${ [1, 2] | add }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      { caught: true, fine: 3 }
      """
    Examples:
      | program                                        |
      | def f: f; f                                    |
      | def f: 1 + f; f                                |
      | [range(1e12)]                                  |
      | last(repeat(0))                                |
      | reduce range(3000000) as $i (0; [.])           |
      | [] \| .[1e9] = 1                               |
      | [limit(1e12; repeat("abcdefgh"))] \| add       |
      | last(range(1e18))                              |

  Scenario: Variables are named without confusion with data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: variables-are-named-without-confusion-with-data, version: '1.0.0' }
      do:
        - a: { set: { got: '${ { task: $task.name, own: .task } }' } }
      """
    And the workflow input is:
      """yaml
      task: mine
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: { task: a, own: mine }
      """

  Scenario: Another language than jq is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: another-language-than-jq-is-refused, version: '1.0.0' }
      evaluate: { language: javascript }
      do:
        - a: { set: { x: 1 } }
      """
    Then the workflow should be refused saying 'jq'

  Scenario: Loose mode is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: ctk, name: loose-mode-is-refused, version: '1.0.0' }
      evaluate: { mode: loose }
      do:
        - a: { set: { x: 1 } }
      """
    Then the workflow should be refused saying 'loose'
