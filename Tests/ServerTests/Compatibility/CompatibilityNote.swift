/// How something of ours stands to Terrakube's.
struct CompatibilityNote: Sendable {
    enum Verdict: String, Sendable {
        case same
        /// What clients send and get is the same; what went wrong there goes right here.
        case better
        /// A client may notice.
        case differs
        /// Terrakube has no such thing.
        case ours
    }

    let verdict: Verdict
    let reason: String

    static let same = CompatibilityNote(verdict: .same, reason: "")
    static func better(_ reason: String) -> CompatibilityNote { CompatibilityNote(verdict: .better, reason: reason) }
    static func differs(_ reason: String) -> CompatibilityNote { CompatibilityNote(verdict: .differs, reason: reason) }
    static func ours(_ reason: String) -> CompatibilityNote { CompatibilityNote(verdict: .ours, reason: reason) }
}

extension CompatibilityNote {
    /// By resource type: what holds for all of its paths.
    static let types: [String: CompatibilityNote] = [
        "access": .better("A group has one row a workspace; names must not be empty."),
        "action": .differs("Stored and shown as declarative links; what an action holds is never run. Six are there from the start."),
        "address": .better("Only those who see the job see its addresses; the run of the job alone writes them."),
        "agent": .better("The url must be an http or https address without a user name."),
        "collection": .differs("Deleting one that workspaces use is refused; its items go with it."),
        "federated": .better("Issuer and audience are unique together, and the issuer is an https address. What they let in comes later."),
        "federated_claim": .same,
        "github_app_token": .better("Only administrators; the token is sealed at rest and readable by nobody."),
        "globalvar": .better(
            "`sensitive` may be sent on update. A sensitive value can't become readable. One key may exist as both ENV and TERRAFORM."
        ),
        "history": .same,
        "implementation": .better("Writing needs manageProvider."),
        "item": .better("Writing needs manageCollection. A sensitive value can't become readable."),
        "job": .better(
            """
            The template and its flow must be of the organization; jobs of private workspaces are hidden; only waitingApproval → \
            approved, rejected and unfinished → cancelled can be asked for; planJob may cancel. A client's status, output and \
            terraformPlan are ignored. DELETE is refused.
            """
        ),
        "module": .better(
            "vcs and ssh must be of the organization; reading does not depend on the level of access. Versions are found later."
        ),
        "module_version": .better("Writing needs manageModule."),
        "notification_configuration": .better(
            """
            The destination is readable only by those who may write it, the signing secret by nobody; administrators may write. \
            Stored; nothing is delivered yet.
            """
        ),
        "notification_trigger": .better("Writing needs the right to write its configuration."),
        "organization": .better("Administrators need no team. The linkage of jobs is shown when asked for."),
        "project": .differs("Deleting one with workspaces in it is refused: they would become visible to the organization."),
        "project_access": .better("A group has one row a project."),
        "provider": .better("Writing needs manageProvider; an administrator needs no team."),
        "reference": .better(
            "Only for those who see the workspace; both ends must be of one organization; writing needs manageCollection."
        ),
        "schedule": .better(
            "Edits and enabling act at once; a cron that is invalid or never fires again is refused; 5-field cron as well."
        ),
        "ssh": .better("The key is sealed at rest, and readable by nobody."),
        "step": .better("Only those who see the job see its steps; the run of the job alone writes them."),
        "tag": .better("manageWorkspace makes, renames and deletes tags; in Terrakube only administrators make them."),
        "team": .better("A group can be in an organization once; an unknown role is refused instead of granting nothing."),
        "template": .better("Also visible to those who have access to one project only."),
        "variable": .better(
            "Writing needs manageWorkspace. A sensitive value can't become readable. One key may exist as both ENV and TERRAFORM."
        ),
        "vcs": .better(
            """
            Secrets are sealed at rest and readable by nobody; accessToken is not readable by an internal token either. A callback \
            leads to one connection; a new address needs the client secret again; deleting one in use is refused. `lastError`, \
            `connectedAs` and the type GITEA are ours.
            """
        ),
        "version": .better("Writing needs manageProvider."),
        "webhook": .better("Writing needs manageWorkspace. Stored; the provider is not told yet, so 424 does not come."),
        "webhook_event": .better(
            "Writing needs manageWorkspace; regular expressions must compile; the template must be of the organization."
        ),
        "workspace": .better(
            """
            Access with the role plan or read shows the workspace; moving needs the management of the target; vcs, ssh, agent, \
            project, defaultTemplate and moduleSshKey must be of the organization. The linkage of jobs and states is shown when \
            asked for.
            """
        ),
        "workspacetag": .better("The tag must be one of the organization; writing needs manageWorkspace."),
    ]

    /// By the path of a plain endpoint.
    static let endpoints: [String: CompatibilityNote] = [
        "/": .ours("The pages."),
        "/.well-known/terraform.json": .better("One document for the server and the registry; `terraform login` needs nothing else."),
        "/dex/.well-known/openid-configuration": .better("The issuer is part of the server: no Dex, no LDAP."),
        "/dex/approval": .ours("The page that asks whether a client may sign in."),
        "/dex/auth": .better("PKCE with S256 only; a foreign redirect_uri is never followed."),
        "/dex/device": .ours("The page for the code that a device shows (RFC 8628)."),
        "/dex/device/code": .same,
        "/dex/keys": .same,
        "/dex/token": .better("Codes and refresh tokens that are used twice end what they led to."),
        "/dex/userinfo": .same,
        "/access-token/v1/teams/current-teams": .same,
        "/access-token/v1/teams/permissions/organization/{organization}": .better("404 for an organization that the caller can't see."),
        "/access-token/v1/teams/permissions/organization/{organization}/workspace/{workspace}": .better(
            "Only what the caller's own groups grant; Terrakube counts everybody's."
        ),
        "/access-token/v1/teams": .better(
            "403 for a group that the caller is not in, instead of an empty token; administrators make them for any."
        ),
        "/access-token/v1/teams/{id}": .better("Only members of the group and administrators delete its tokens."),
        "/actuator/health": .same,
        "/actuator/health/liveness": .same,
        "/actuator/health/readiness": .same,
        "/api-docs/{type}": .ours("The same, one resource type."),
        "/organizations/{organization}/workspaces/{workspace}/runs/{run}": .better(
            """
            Terrakube's own address of a run leads to our page of it.
            """
        ),
        "/api-docs": .ours("The API's description as pages, without scripts."),
        "/api/v1/**": .better("See above. What is not readable answers 404 throughout; errors carry status, title and source."),
        "/app/{organization}/{workspace}/runs/{run}": .better(
            "Leads to our page of the run, and tells nothing about runs that the caller can't see."
        ),
        "/callback/v1/vcs/{vcs}": .better(
            """
            `Connected` and the redirect are the same; a failure is never called a success, an unknown id is 404, and a connection \
            that works is not replaced without a state.
            """
        ),
        "/connect/v1/vcs/{vcs}": .ours("Begins an authorization with a state, PKCE and a cookie."),
        "/connect/v1/vcs/{vcs}/manual": .ours("Lets a connection be authorized by an address without a state again, for a time."),
        "/context/v1/{job}": .better("Reading needs the job to be visible, writing planJob or the job's own token."),
        "/context/v1/{job}/stream": .better("The same."),
        "/doc": .better("OpenAPI 3.1 from the declarations that the API runs by; a test fuzzes the server with it."),
        "/health": .ours("Short for the health check."),
        "/migrate/v1/workspace/{workspace}/moveTo/{organization}": .better(
            "Needs manageWorkspace on both sides, says when it refuses, and leaves nothing behind that belongs to the old organization."
        ),
        "/notification/v1/workspace/{workspace}/deliveries": .differs("Empty: nothing is delivered yet."),
        "/notification/v1/workspace/{workspace}/deliveries/{id}/retry": .differs("404: nothing is delivered yet."),
        "/pat/v1": .better("A token ends at once when it is deleted."),
        "/pat/v1/{id}": .better("Only its owner and administrators delete a token."),
        "/proxy/v1": .better("Needs a bearer token, manageWorkspace, and a target on the public internet; the answer can't run scripts."),
        "/proxy/v1/**": .better("The same."),
        "/remote/tfe/v2/configuration-versions/{id}/upload": .same,
        "/remote/tfe/v2/workspaces/{workspace}/configuration-versions": .same,
        "/terraform/index.json": .same,
        "/tfoutput/v1/organization/{organization}/job/{job}/step/{step}": .better("Only for those who see the job."),
        "/tfoutput/v1/organization/{organization}/job/{job}/step/{step}/stream": .better(
            "The same; ends with every end of a step, and resumes byte for byte."
        ),
        "/tfstate/v1/backend/{workspace}": .ours("Terraform's `http` backend, which runs write their state through."),
        "/tfstate/v1/organization/{organization}/workspace/{workspace}/jobId/{job}/step/{step}/plan.json": .ours(
            "The plan as `terraform show -json` prints it."
        ),
        "/tfstate/v1/organization/{organization}/workspace/{workspace}/jobId/{job}/step/{step}/terraform.tfstate": .better(
            "Needs manageState."
        ),
        "/tfstate/v1/organization/{organization}/workspace/{workspace}/rollback/{file}": .better(
            "The old version comes back with a serial that grows, and is refused while the state is locked."
        ),
        "/tfstate/v1/organization/{organization}/workspace/{workspace}/state/{file}": .better("Access to the project counts as well."),
        "/tofu/index.json": .same,
        "/user/v1": .ours("Accounts, for administrators."),
        "/user/v1/{id}": .ours("The same."),
    ]

    /// The pages of the web UI, which stand for themselves.
    static let pages: Set<String> = ["/", "/login", "/logout", "/runs", "/assets"]

    /// What Terrakube has and we have not.
    static let missing = [
        ("`POST /graphql/api/v1`, `/subscriptions`", "GraphQL, which Terrakube's own pages use beside JSON:API."),
        ("`/vcs/v1/…`, `/webhook/…`", "Repository discovery and incoming webhooks come with version control."),
        ("`/importer/tfcloud/…`", "The import from Terraform Cloud."),
        ("`/registry/v1/…`", "The pages' window to the public registry."),
        ("`POST /notification/v1/…/test`", "Comes with the delivery of notifications."),
        ("`POST /logs…`, `PUT /tfstate/v1/archive/…`", "Between Terrakube's own parts: our executor speaks another protocol."),
        ("`/remote/tfe/v2/…`", "All but the upload of configurations."),
    ]
}
