import Testing
import Wire

@testable import Runs

struct FlowParserTests {
    @Test("steps come in the order of their numbers, with the names of Terrakube for those that have none")
    func order() throws {
        let flow = try FlowParser().parse(
            yaml: """
                flow:
                - {type: terraformApply, step: 200}
                - {type: approval, step: 150, team: release}
                - {type: approval, step: 160, team: ""}
                - {type: terraformPlan, step: 100, name: Plan, ignoreError: true}
                """
        )
        #expect(flow.steps.map(\.number) == [100, 150, 160, 200])
        #expect(flow.steps.map(\.name) == ["Plan", "Running Step150", "Running Step160", "Running Step200"])
        #expect(
            flow.steps.map(\.kind) == [
                .action(.terraformPlan), .approval(team: "release"), .approval(team: nil), .action(.terraformApply),
            ]
        )
        #expect(flow.steps.map(\.ignoresError) == [true, false, false, false])
    }

    @Test("scripts come in the order of their priority, those of the same in the order of the file")
    func commands() throws {
        let flow = try FlowParser().parse(
            yaml: """
                flow:
                - type: terraformPlan
                  step: 100
                  commands:
                  - {runtime: BASH, script: third, priority: 200, after: true}
                  - {runtime: GROOVY, script: first, priority: 100, before: true, beforeInit: true}
                  - {runtime: BASH, script: second, priority: 100, verbose: true}
                  onFailure:
                  - runtime: BASH
                    script: |
                      echo one
                      echo two
                """
        )
        let step = try #require(flow.steps.first)
        #expect(step.commands.map(\.script) == ["first", "second", "third"])
        #expect(step.commands.map(\.phases) == [[.beforeInit, .before], [], [.after]])
        #expect(step.commands.map(\.runtime) == [.groovy, .bash, .bash])
        #expect(step.commands.map(\.isVerbose) == [false, true, false])
        #expect(step.onFailure.map(\.script) == ["echo one\necho two"])
    }

    @Test("keys of other versions are passed over")
    func unknownKeys() throws {
        let yaml = "flow:\n- type: customScripts\n  step: 1\n  importComands: {repository: x}\n  colour: red\nversion: 2\n"
        #expect(try FlowParser().parse(yaml: yaml).steps.count == 1)
    }

    @Test("base64 may be broken into lines, as editors do")
    func wrapped() throws {
        let text = Flows.planAndApply.base64
        let wrapped = text.enumerated().map { $0.offset % 20 == 19 ? "\($0.element)\r\n" : String($0.element) }.joined()
        #expect(try FlowParser().parse(tcl: wrapped) == FlowParser().parse(tcl: text))
    }

    @Test(
        "an error names the line",
        arguments: [
            ("", nil), ("flow: []", 1), ("flow: {}", 1), ("flow:", 1), ("- a", 1), ("flow:\n- text", 2),
            ("flow:\n- type: terraformPlan", 2),
            ("flow:\n- type: terraformPlan\n  step: soon", 3), ("flow:\n- step: 1", 2), ("flow:\n- step: 1\n  type: yamlError", 3),
            ("flow:\n- {type: approval, step: 1}\n- {type: approval, step: 1}", 3),
            ("flow:\n- type: customScripts\n  step: 1\n  commands: true", 4),
            ("flow:\n- type: customScripts\n  step: 1\n  commands:\n  - runtime: BASH", 5),
            ("flow:\n- type: customScripts\n  step: 1\n  commands:\n  - script: x\n    runtime: bash", 6),
            ("flow:\n- type: customScripts\n  step: 1\n  commands:\n  - script: x", 5), ("flow:\n\t- type: x", 2),
            ("flow:\n- a: [", 3), ("flow:\n- type: terraformPlan\n  step: 99999999999999999999", 3), ("flow: &a\n- *a", 2),
            ("flow:\n- *b", 2),
        ] as [(String, Int?)]
    )
    func errors(yaml: String, line: Int?) throws {
        let error = #expect(throws: FlowError.self) { try FlowParser().parse(yaml: yaml) }
        #expect(error?.line == line, "\(error?.message ?? "")")
    }

    @Test("a flow that names itself a billion times is refused at once", .timeLimit(.minutes(5)))
    func bomb() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(alias)]\n"
        }
        yaml += "flow: *a11\n"
        #expect(throws: FlowError.self) { try FlowParser().parse(yaml: yaml) }
    }
}
