/// What a run is to do, as the server gets it: a template of the organization, or steps of its own.
enum RunFlow: Sendable, Equatable {
    case template(String)
    case inline(String)

    enum Approval: Sendable, Equatable {
        /// Only a plan.
        case planOnly
        /// Somebody looks at the plan.
        case ask
        case automatic
    }

    /// Plain runs without a question use the organization's templates, so that what it added to them counts here too.
    init(destroys: Bool, approval: Approval) {
        switch (approval, destroys) {
        case (.planOnly, false):
            self = .template("Plan")
        case (.automatic, false):
            self = .template("Plan and apply")
        default:
            var steps = [#"{ type: "\#(destroys ? "terraformPlanDestroy" : "terraformPlan")", step: 100, name: "Plan" }"#]
            if approval == .ask { steps.append(#"{ type: "approval", step: 150, name: "Approve" }"#) }
            if approval != .planOnly { steps.append(#"{ type: "terraformApply", step: 200, name: "Apply" }"#) }
            self = .inline("flow:\n" + steps.map { "- \($0)\n" }.joined())
        }
    }
}
