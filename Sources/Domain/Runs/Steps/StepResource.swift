import Database
package import JSONAPI
package import Service
import Workspaces

/// The native shapes of a job's steps and addresses. Only the run of the job writes them.
package enum StepResource {
    package static let schema = ResourceSchema<Principal>(
        type: "step",
        isRoot: true,
        attributes: [
            ResourceAttribute("stepNumber", .integer),
            ResourceAttribute("name", .string(limit: 128)),
            ResourceAttribute("status", .enumeration(JobStatus.allCases.map(\.rawValue))),
            ResourceAttribute("output", .string(limit: 1024)),
        ],
        relationships: [.toOne("job", isWritable: false)],
        isReadable: isJobReadable
    )

    package static let addressSchema = ResourceSchema<Principal>(
        type: "address",
        isRoot: true,
        isAudited: true,
        attributes: [ResourceAttribute("name", .string(limit: 256))],
        relationships: [.toOne("job", isWritable: false)],
        isReadable: isJobReadable
    )

    @Sendable
    private static func isJobReadable(_ principal: Principal, _ row: SQLTable) -> SQL {
        """
        EXISTS (SELECT 1 FROM job WHERE job.id = \(row["job_id"])
        AND \(WorkspaceAccess.isReadable(principal, workspace: "job.workspace_id")))
        """
    }
}
