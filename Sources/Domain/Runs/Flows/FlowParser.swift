import Foundation
import Wire
import Yams

/// Reads a template: base64 of YAML, with the keys of executor.md §1.1. Keys that we do not know are passed over, as
/// saved templates hold keys of several Terrakube versions; what a step can't do without is an error with its line.
struct FlowParser {
    /// - Parameter tcl: What a template or job holds.
    /// - Throws: `FlowError`.
    func parse(tcl: String) throws(FlowError) -> Flow {
        let compact = tcl.filter { $0.isWhitespace == false }
        guard let data = Data(base64Encoded: compact), let text = String(data: data, encoding: .utf8) else {
            throw FlowError(line: nil, problem: "the flow is not base64 of UTF-8 text")
        }
        return try parse(yaml: text)
    }

    /// The same, for callers whom an error interests as much as a flow.
    func result(tcl: String) -> Result<Flow, FlowError> {
        Result { () throws(FlowError) in try parse(tcl: tcl) }
    }

    /// - Throws: `FlowError`.
    func parse(yaml text: String) throws(FlowError) -> Flow {
        guard let root = try compose(text) else { throw FlowError(line: nil, problem: "the flow is empty") }
        guard let entries = root["flow"]?.sequence, entries.isEmpty == false else {
            throw FlowError(line: root.line, problem: "there must be a list `flow` with at least one step")
        }
        var steps: [Int: FlowStep] = [:]
        for entry in entries {
            let step = try step(entry)
            guard steps.updateValue(step, forKey: step.number) == nil else {
                throw FlowError(line: entry.line, problem: "the step \(step.number) is there twice")
            }
        }
        return Flow(steps: steps.values.sorted { $0.number < $1.number })
    }

    private func compose(_ text: String) throws(FlowError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let YamlError.scanner(_, problem, mark, _), let YamlError.parser(_, problem, mark, _),
            let YamlError.composer(_, problem, mark, _)
        {
            throw FlowError(line: mark.line, problem: problem)
        } catch {
            throw FlowError(line: nil, problem: "the flow is not valid YAML")
        }
    }

    private func step(_ node: Node) throws(FlowError) -> FlowStep {
        guard node.mapping != nil else { throw FlowError(line: node.line, problem: "a step must be a mapping") }
        guard let number = node["step"]?.int else {
            throw FlowError(line: node["step"]?.line ?? node.line, problem: "a step needs `step`, a whole number")
        }
        guard let type = node["type"]?.string else { throw FlowError(line: node.line, problem: "a step needs a `type`") }
        return FlowStep(
            number: number,
            name: node["name"]?.string ?? "Running Step\(number)",
            kind: try kind(type, of: node),
            commands: try commands(in: node["commands"]),
            onFailure: try commands(in: node["onFailure"]),
            ignoresError: node["ignoreError"]?.bool ?? false
        )
    }

    private func kind(_ type: String, of node: Node) throws(FlowError) -> FlowStep.Kind {
        if type == "approval" { return .approval(team: node["team"]?.string.flatMap { $0.isEmpty ? nil : $0 }) }
        if type == "scheduleTemplates" { return .server(.scheduleTemplates(try schedules(of: node))) }
        if type == "disableWorkspace" { return .server(.disableWorkspace) }
        guard let action = StepAction(rawValue: type), action != .approval else {
            let known = """
                terraformPlan, terraformPlanDestroy, terraformApply, terraformDestroy, customScripts, approval, scheduleTemplates, \
                disableWorkspace
                """
            throw FlowError(line: node["type"]?.line, problem: "the step type \(type) is unknown; known are \(known)")
        }
        return .action(action)
    }

    private func schedules(of node: Node) throws(FlowError) -> [FlowStep.TemplateSchedule] {
        guard let entries = node["templates"]?.sequence, entries.isEmpty == false else {
            throw FlowError(line: node.line, problem: "scheduleTemplates needs `templates`, a list with at least one entry")
        }
        var schedules: [FlowStep.TemplateSchedule] = []
        for entry in entries {
            guard let name = entry["name"]?.string, let cron = entry["schedule"]?.string else {
                throw FlowError(line: entry.line, problem: "an entry of `templates` needs a `name` and a `schedule`")
            }
            do {
                _ = try CronExpression(cron)
            } catch {
                throw FlowError(line: entry["schedule"]?.line ?? entry.line, problem: error.message)
            }
            schedules.append(FlowStep.TemplateSchedule(template: name, cron: cron))
        }
        return schedules
    }

    /// In the order of their priority; commands of the same priority keep the order of the file.
    private func commands(in node: Node?) throws(FlowError) -> [StepCommand] {
        guard let node, node.null == nil else { return [] }
        guard let entries = node.sequence else { throw FlowError(line: node.line, problem: "commands must be a list") }
        var commands: [StepCommand] = []
        for entry in entries {
            commands.append(try command(entry))
        }
        return commands.enumerated().sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }.map(\.element)
    }

    private func command(_ node: Node) throws(FlowError) -> StepCommand {
        guard let script = node["script"]?.string else { throw FlowError(line: node.line, problem: "a command needs a `script`") }
        guard let runtime = StepCommand.Runtime(rawValue: node["runtime"]?.string ?? "") else {
            throw FlowError(line: node["runtime"]?.line ?? node.line, problem: "a command needs a `runtime`: BASH or GROOVY")
        }
        let phases: [StepCommand.Phase] = [("beforeInit", .beforeInit), ("before", .before), ("after", .after)].compactMap { key, phase in
            node[key]?.bool == true ? phase : nil
        }
        return StepCommand(
            runtime: runtime,
            script: script,
            priority: node["priority"]?.int ?? 0,
            phases: phases,
            isVerbose: node["verbose"]?.bool ?? false
        )
    }
}

extension Node {
    fileprivate var line: Int? { mark?.line }
}
