import Database
import Foundation
import Identity
import Service
import Wire
import Workspaces

/// Puts together what an executor needs to run a job.
struct AssignmentBuilder: Sendable {
    /// What is read in one transaction.
    struct Parts: Sendable {
        let job: Job
        let workspace: Workspace
        let variables: [Variable]
        let step: StepAssignment
        let hasStoredPlan: Bool
    }

    let keyring: Keyring
    let signer: TokenSigner
    let address: ServerAddress

    /// Adds the job's token to what was collected.
    func assignment(_ parts: Parts, now: Date) async throws -> JobAssignment {
        let job = parts.job
        let grant = JobGrant(jobID: job.id, epoch: job.epoch, workspaceID: job.workspaceID)
        let lease = JobLease(jobID: job.id, epoch: job.epoch, token: try await signer.jobToken(grant, now: now))
        let workspace = parts.workspace
        return JobAssignment(
            lease: lease,
            organization: Named(id: workspace.organizationID, name: workspace.organizationName),
            workspace: Named(id: workspace.id, name: workspace.name),
            source: source(of: job, in: workspace),
            connection: workspace.vcsID,
            folder: workspace.folder,
            tool: workspace.iacType == "terraform" ? .terraform : .tofu,
            toolVersion: workspace.terraformVersion,
            environment: variables(parts.variables, .environment),
            variables: variables(parts.variables, .terraform),
            options: PlanOptions(
                refresh: job.refresh,
                refreshOnly: job.refreshOnly,
                targets: job.targets,
                replacements: job.replacements
            ),
            stateURL: address.internalURL + StateBackendRoutes.path(workspace: workspace.id),
            step: parts.step,
            hasStoredPlan: parts.hasStoredPlan,
            commit: job.commitID
        )
    }

    /// Where clients read the plan of a step (executor.md §5).
    func planURL(of job: Job, step: String) -> String {
        "\(address.publicURL)/tfstate/v1/organization/\(job.organizationID)/workspace/\(job.workspaceID)/jobId/\(job.id)/step/\(step)/terraform.tfstate"
    }

    /// - Throws: `AssignmentError`, `KeyringError`, `FlowError`.
    func collect(_ job: Job, in connection: any SQLConnection) throws -> Parts {
        guard let workspace = try WorkspaceStore(connection).find(id: job.workspaceID) else { throw AssignmentError.workspaceIsGone }
        let flow = try FlowParser().parse(tcl: job.tcl)
        let steps = try JobStore(connection).steps(job: job.id)
        guard
            case .run(let number) = JobProgress.next(flow: flow, steps: steps.map(\.progress), isAutoApplied: job.isAutoApplied),
            let step = steps.first(where: { $0.number == number }),
            let assignment = flow.step(number: number)?.assignment(id: step.id)
        else { throw AssignmentError.nothingToRun }
        return Parts(
            job: job,
            workspace: workspace,
            variables: try VariableStore(connection, keyring: keyring)
                .variables(workspace: workspace.id, organization: workspace.organizationID),
            step: assignment,
            hasStoredPlan: steps.contains(where: \.hasPlan)
        )
    }

    /// Of a list of branches or folders, the first counts (api.md §1.2).
    private func source(of job: Job, in workspace: Workspace) -> JobSource {
        if let version = job.configurationVersionID { return .archive(configurationVersion: version) }
        let branch = job.overrideBranch ?? workspace.branch
        let first = branch.split(separator: ",").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? branch
        return .git(repository: workspace.source, reference: first, commit: job.commitID)
    }

    private func variables(_ variables: [Variable], _ category: Variable.Category) -> [JobVariable] {
        variables.filter { $0.category == category }.map {
            JobVariable(key: $0.key, value: $0.value, isHCL: $0.isHCL, isSensitive: $0.isSensitive)
        }
    }
}

enum AssignmentError: Error, CustomStringConvertible {
    case workspaceIsGone
    case nothingToRun

    var description: String {
        switch self {
        case .workspaceIsGone: "the workspace has been deleted"
        case .nothingToRun: "no step is left to run"
        }
    }
}
