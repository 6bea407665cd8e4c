import Database
import Foundation
package import JSONAPI
package import Service

/// The templates that every new organization gets. Clients look for them by these exact names (executor.md §1.5).
package enum DefaultTemplates {
    private struct Seed {
        let name: String
        let description: String
        let flow: String
    }

    package static let planAndApply = "Plan and apply"

    private static let seeds = [
        Seed(
            name: "Plan",
            description: "Running Terraform plan",
            flow: """
                flow:
                - type: "terraformPlan"
                  step: 100
                  name: "Plan"

                """
        ),
        Seed(
            name: planAndApply,
            description: "Running Terraform plan and apply",
            flow: """
                flow:
                - type: "terraformPlan"
                  step: 100
                  name: "Plan"
                - type: "terraformApply"
                  step: 200
                  name: "Apply"

                """
        ),
        Seed(
            name: "Destroy",
            description: "Running Terraform destroy",
            flow: """
                flow:
                - type: "terraformDestroy"
                  step: 100
                  name: "Destroy"

                """
        ),
        Seed(
            name: "Terraform-Plan/Apply-Cli",
            description: "Running Terraform apply from Terraform CLI",
            flow: approved(plan: "terraformPlan", name: "Terraform Plan from Terraform CLI")
        ),
        Seed(
            name: "Terraform-Plan/Destroy-Cli",
            description: "Running Terraform destroy from Terraform CLI",
            flow: approved(plan: "terraformPlanDestroy", name: "Terraform Plan Destroy from Terraform CLI")
        ),
    ]

    /// Plan, approval by the Terraform CLI, apply.
    private static func approved(plan: String, name: String) -> String {
        """
        flow:
        - type: "\(plan)"
          step: 100
          name: "\(name)"
        - type: "approval"
          step: 150
          name: "Approve Plan from Terraform CLI"
          team: "TERRAFORM_CLI"
        - type: "terraformApply"
          step: 200
          name: "Terraform Apply from Terraform CLI"

        """
    }

    /// Seeds a new organization, in the transaction that creates it.
    package static func seed(organization: String, in context: ResourceWriteContext<Principal>) throws {
        for seed in seeds {
            let tcl = Data(seed.flow.utf8).base64EncodedString()
            try context.transaction.execute(
                """
                INSERT INTO template (id, organization_id, name, description, version, tcl,
                    created_date, created_by, updated_date, updated_by)
                VALUES (\(context.newID()), \(organization), \(seed.name), \(seed.description), '1.0.0', \(tcl),
                    \(context.now), \(context.caller.name), \(context.now), \(context.caller.name))
                """
            )
        }
    }
}
