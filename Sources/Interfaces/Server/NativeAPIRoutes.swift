import Database
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import JSONAPI
import Logging
import Runs
import Service
import Workspaces

/// `/api/v1`: the native API. All of it is declared by the rooms' resource schemas.
struct NativeAPIRoutes: Sendable {
    static let path = "/api/v1"

    let api: ResourceAPI<Principal>

    init(persistence: Persistence, address: ServerAddress, allowsPrivateEndpoints: Bool, logger: Logger) throws {
        api = try ResourceAPI(
            schemas: Self.schemas(keyring: persistence.keyring, address: address, allowsPrivateEndpoints: allowsPrivateEndpoints),
            database: persistence.database,
            basePath: Self.path,
            author: \.name,
            now: persistence.time.now,
            newID: persistence.ids.next,
            onUnexpectedError: { error in logger.error("Request failed", metadata: ["error": "\(error)"]) }
        )
    }

    /// Every type of the native API.
    static func schemas(
        keyring: Keyring,
        address: ServerAddress,
        allowsPrivateEndpoints: Bool = false
    ) -> [ResourceSchema<Principal>] {
        let hooks = OrganizationResource.Hooks(
            created: { organization, context in try DefaultTemplates.seed(organization: organization, in: context) },
            disabled: { organization, context in
                for workspace in try WorkspaceStore(context.transaction).deleteAll(organization: organization) {
                    try context.transaction.notify(WorkspaceEvents.changed(workspace))
                }
            }
        )
        let workspaceHooks = WorkspaceResource.Hooks(
            willDelete: { workspace, context in try JobRules.requireIdle(workspace: workspace, in: context) }
        )
        return [
            OrganizationResource(hooks: hooks).schema,
            TeamResource.schema,
            ProjectResource.schema,
            ProjectAccessResource.schema,
            WorkspaceAccessResource.schema,
            AgentResource.schema,
            CollectionResource.schema,
            ItemResource(keyring: keyring).schema,
            ReferenceResource.schema,
            WorkspaceResource(hooks: workspaceHooks).schema,
            VariableResource(keyring: keyring).schema,
            GlobalVariableResource(keyring: keyring).schema,
            TagResource.schema,
            TagResource.workspaceTagSchema,
            TemplateResource.schema,
            VCSResource(keyring: keyring).schema,
            SSHKeyResource(keyring: keyring).schema,
            GitHubAppTokenResource(keyring: keyring).schema,
            ModuleResource.schema,
            ModuleVersionResource.schema,
            ProviderResource.schema,
            ProviderVersionResource.schema,
            ProviderVersionResource.implementationSchema,
            WebhookResource.schema,
            WebhookEventResource.schema,
            ActionResource.schema,
            FederatedResource.schema,
            FederatedResource.claimSchema,
            NotificationConfigurationResource(keyring: keyring, allowsPrivateAddresses: allowsPrivateEndpoints).schema,
            NotificationTriggerResource.schema,
            StateVersionResource.schema,
            JobResource(address: address).schema,
            StepResource.schema,
            StepResource.addressSchema,
            ScheduleResource.schema,
        ]
    }

    func register(on router: some RouterMethods<ServerContext>) {
        let methods: [HTTPRequest.Method] = [.get, .post, .patch, .put, .delete]
        for method in methods {
            router.on("api/v1/**", method: method, use: respond)
        }
    }

    @Sendable
    private func respond(request: Request, context: ServerContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let answer = await api.respond(
            to: ResourceRequest(
                method: request.method.rawValue,
                path: String(request.uri.path.dropFirst(Self.path.count)),
                query: request.uri.query,
                contentType: request.headers[.contentType],
                accept: request.headers[.accept],
                body: try await request.wholeBody(upTo: ResourceAPI<Principal>.maximumBodyLength)
            ),
            as: principal
        )
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: answer.status),
            headers: headers,
            body: answer.body.map { .init(byteBuffer: ByteBuffer(bytes: $0)) } ?? .init()
        )
    }
}
