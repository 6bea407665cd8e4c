/// `/dex/.well-known/openid-configuration`. Sources: OpenID Connect Discovery §3, RFC 8414, RFC 8628 §4, RFC 9207.
struct IssuerDescription: Encodable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let jwksURI: String
    let userinfoEndpoint: String
    let deviceAuthorizationEndpoint: String
    let responseTypesSupported = ["code"]
    let responseModesSupported = ["query"]
    let grantTypesSupported = GrantType.allCases.map(\.rawValue)
    let subjectTypesSupported = ["public"]
    let idTokenSigningAlgValuesSupported = ["RS256"]
    let codeChallengeMethodsSupported = ["S256"]
    let tokenEndpointAuthMethodsSupported = ["none"]
    let scopesSupported = SignOnScope.known
    let claimsSupported = ["iss", "sub", "aud", "exp", "iat", "jti", "nonce", "email", "email_verified", "name", "groups"]
    let authorizationResponseIssParameterSupported = true
    let requestParameterSupported = false
    let requestURIParameterSupported = false

    init(issuer: String) {
        self.issuer = issuer
        authorizationEndpoint = issuer + "/auth"
        tokenEndpoint = issuer + "/token"
        jwksURI = issuer + "/keys"
        userinfoEndpoint = issuer + "/userinfo"
        deviceAuthorizationEndpoint = issuer + "/device/code"
    }

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case jwksURI = "jwks_uri"
        case userinfoEndpoint = "userinfo_endpoint"
        case deviceAuthorizationEndpoint = "device_authorization_endpoint"
        case responseTypesSupported = "response_types_supported"
        case responseModesSupported = "response_modes_supported"
        case grantTypesSupported = "grant_types_supported"
        case subjectTypesSupported = "subject_types_supported"
        case idTokenSigningAlgValuesSupported = "id_token_signing_alg_values_supported"
        case codeChallengeMethodsSupported = "code_challenge_methods_supported"
        case tokenEndpointAuthMethodsSupported = "token_endpoint_auth_methods_supported"
        case scopesSupported = "scopes_supported"
        case claimsSupported = "claims_supported"
        case authorizationResponseIssParameterSupported = "authorization_response_iss_parameter_supported"
        case requestParameterSupported = "request_parameter_supported"
        case requestURIParameterSupported = "request_uri_parameter_supported"
    }
}
