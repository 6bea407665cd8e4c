import Hummingbird
import JSONAPI
import Runs
import Service

/// `POST /runs/{id}/approve`, `…/reject` and `…/cancel`: the buttons of a run's page.
struct RunDecisionRoutes: Sendable {
    let jobs: JobService
    let address: ServerAddress

    func register(on router: some RouterMethods<ServerContext>) {
        let run = router.group("runs/:run")
        for decision in JobDecision.allCases {
            run.post(RouterPath(decision.rawValue)) { request, context in
                try await decide(decision, request, context)
            }
        }
    }

    private func decide(_ decision: JobDecision, _ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.requireRun()
        let page = "/runs/\(id)"
        guard let principal = context.principal else { return .redirect(to: SignInRoutes.path(returningTo: ReturnPath(page))) }
        let form = try await request.form(RunDecisionForm.self, address: address)
        try context.requireCSRF(form.csrf)
        do {
            try await jobs.decide(decision, job: id, as: principal)
        } catch let error as APIError where error.status == 409 {
            throw APIError(
                status: error.status,
                title: "The run has moved on",
                detail:
                    "Run \(id) changed before your decision arrived, so it could not \(decision.rawValue) it any more. Nothing was done."
            )
        }
        return .redirect(to: page)
    }
}

private struct RunDecisionForm: Decodable {
    let csrf: String?
}
