extension FakeVCSHost {
    /// The host's program. Arguments: the log, the folder of the repositories, the persona.
    ///
    /// Sources: vcs.md §3 and §4, which name the providers' pages.
    static let program = """
        import hashlib, json, secrets, time

        class Persona:
            # Where things are, and how a client shows who it is.
            def __init__(self, authorize, token, git, basic=False, redirect=False, pkce=True, lifetime=7200, refresh=True):
                self.authorize, self.token, self.git, self.basic = authorize, token, git, basic
                self.redirect, self.pkce, self.lifetime, self.refresh = redirect, pkce, lifetime, refresh

        PERSONAS = {
            'bitbucket': Persona('/site/oauth2/authorize', '/site/oauth2/access_token', 'x-token-auth', basic=True, pkce=False),
            'github': Persona('/login/oauth/authorize', '/login/oauth/access_token', 'x-access-token', lifetime=0, refresh=False),
            'gitlab': Persona('/oauth/authorize', '/oauth/token', 'oauth2', redirect=True),
            'gitea': Persona('/login/oauth/authorize', '/login/oauth/access_token', 'oauth2', redirect=True, lifetime=3600),
            'azure': Persona('/oauth2/authorize', '/oauth2/token', 'dummy', redirect=True, pkce=False, lifetime=3599),
        }
        NAME = ARGUMENTS[2]
        PERSONA = PERSONAS[NAME]

        class State:
            settings = {'callback': 'http://localhost'}
            codes = {}      # code -> what the approval was for; None when it was used
            access = {}     # token -> when it ends
            refresh = {}    # token -> whether it is still good
            issued = {'accessTokens': [], 'refreshTokens': [], 'codes': [], 'violations': [], 'requests': [], 'grants': []}

        STATE = State()
        CONTROL = threading.Lock()

        class OAuthError(Exception):
            def __init__(self, code, status=400):
                self.code, self.status = code, status

        def note(what, text):
            STATE.issued[what].append(text)

        class Handler(GitBackend):
            def do_GET(self): self.serve()
            def do_POST(self): self.serve()
            def do_HEAD(self): self.serve()

            def serve(self):
                url = urllib.parse.urlsplit(self.path)
                body = self.content()
                self.query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
                if url.path == '/_control': return self.control(body)
                try:
                    if url.path == PERSONA.authorize: status, headers, content = self.authorize()
                    elif url.path == PERSONA.token: status, headers, content = self.token(url, body)
                    elif url.path.endswith(('/user', '/profiles/me')): status, headers, content = self.user(url)
                    else: status, headers, content = self.repository(body)
                except OAuthError as error:
                    status, headers = error.status, [('Content-Type', 'application/json')]
                    # A host may repeat what it was sent: none of it may come out anywhere.
                    sent = body.decode('latin-1') + ' ' + self.headers.get('Authorization', '')
                    if NAME == 'github' and error.status == 400: status = 200
                    content = json.dumps({'error': error.code, 'error_description': 'You sent ' + sent}).encode()
                with CONTROL: note('requests', f'{self.command} {url.path} {status}')
                self.answer(status, headers, content)

            # What the test asks for.
            def control(self, body):
                with CONTROL:
                    if self.command == 'POST':
                        settings = json.loads(body)
                        STATE.settings.update(settings)
                        if settings.get('expire') or settings.get('revoke'):
                            for token in STATE.access: STATE.access[token] = 0
                        if settings.get('revoke'):
                            for token in STATE.refresh: STATE.refresh[token] = False
                    answer = json.dumps(STATE.issued).encode()
                self.answer(200, [('Content-Type', 'application/json')], answer)

            # The page on which somebody approves; this somebody does at once.
            def authorize(self):
                if self.command != 'GET': raise OAuthError('invalid_request', 405)
                query, callback = self.query, STATE.settings['callback']
                if query.get('client_id') != [STATE.settings['client']]: raise OAuthError('unauthorized_client', 401)
                kind = {'azure': 'Assertion', 'github': None}.get(NAME, 'code')
                if kind and set(query.get('response_type', [])) != {kind}: raise OAuthError('unsupported_response_type')
                redirect = query.get('redirect_uri', [None])[0]
                if PERSONA.redirect and redirect != callback: raise OAuthError('redirect_uri_mismatch')
                if redirect and not redirect.startswith(callback): raise OAuthError('redirect_uri_mismatch')
                if 'code_challenge' in query and query.get('code_challenge_method') != ['S256']: raise OAuthError('invalid_request')
                answer = []
                if STATE.settings.get('deny'):
                    answer.append(('error', 'access_denied'))
                else:
                    code = 'code-' + secrets.token_hex(16)
                    with CONTROL:
                        STATE.codes[code] = {'until': time.time() + 600, 'redirect': redirect,
                            'challenge': query.get('code_challenge', [None])[0]}
                        note('codes', code)
                    answer.append(('code', code))
                if 'state' in query: answer.append(('state', query['state'][0]))
                return 302, [('Location', (redirect or callback) + '?' + urllib.parse.urlencode(answer))], b''

            # The token endpoint.
            def token(self, url, body):
                time.sleep(int(STATE.settings.get('delay', 0)) / 1000)
                fields = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode('latin-1')).items()}
                kind = fields.get('grant_type', '?').split(':')[-1]
                with CONTROL:
                    try:
                        if int(STATE.settings.get('failures', 0)) > 0:
                            STATE.settings['failures'] = int(STATE.settings['failures']) - 1
                            raise OAuthError('temporarily_unavailable', int(STATE.settings['failure']))
                        answer = self.grant(url, fields)
                        note('grants', f'{kind} 200')
                    except OAuthError as error:
                        note('grants', f'{kind} {error.status}')
                        raise
                return 200, [('Content-Type', 'application/json')], json.dumps(answer).encode()

            def grant(self, url, fields):
                if self.command != 'POST': raise OAuthError('invalid_request', 405)
                if url.query: note('violations', 'a query at the token endpoint')
                if self.headers.get('Content-Type') != 'application/x-www-form-urlencoded': raise OAuthError('invalid_request')
                self.client(fields)
                if NAME == 'azure':
                    fields = dict(fields, code=fields.get('assertion'), refresh_token=fields.get('assertion'))
                    kinds = {'urn:ietf:params:oauth:grant-type:jwt-bearer': 'authorization_code'}
                    fields['grant_type'] = kinds.get(fields.get('grant_type'), fields.get('grant_type'))
                if PERSONA.redirect and fields.get('redirect_uri') != STATE.settings['callback']: raise OAuthError('invalid_grant')
                if fields.get('grant_type') == 'authorization_code': self.redeem(fields)
                elif fields.get('grant_type') == 'refresh_token' and PERSONA.refresh: self.rotate(fields)
                else: raise OAuthError('unsupported_grant_type')
                return self.issue()

            # Who asks.
            def client(self, fields):
                client, secret = STATE.settings['client'], STATE.settings['secret']
                if PERSONA.basic:
                    if 'client_secret' in fields: note('violations', 'the client secret is in the body too')
                    login = 'Basic ' + base64.b64encode(f'{client}:{secret}'.encode()).decode()
                    if self.headers.get('Authorization') != login: raise OAuthError('invalid_client', 401)
                elif NAME == 'azure':
                    if fields.get('client_assertion_type') != 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer':
                        raise OAuthError('invalid_request')
                    if fields.get('client_assertion') != secret: raise OAuthError('invalid_client', 401)
                elif (fields.get('client_id'), fields.get('client_secret')) != (client, secret):
                    raise OAuthError('incorrect_client_credentials' if NAME == 'github' else 'invalid_client', 400 if NAME == 'github' else 401)

            # A code is good once.
            def redeem(self, fields):
                approval = STATE.codes.get(fields.get('code'))
                if not approval or approval['until'] < time.time(): raise OAuthError('bad_verification_code' if NAME == 'github' else 'invalid_grant')
                STATE.codes[fields['code']] = None
                verifier = fields.get('code_verifier')
                if approval['challenge'] and PERSONA.pkce:
                    digest = base64.urlsafe_b64encode(hashlib.sha256((verifier or '').encode()).digest()).rstrip(b'=').decode()
                    if digest != approval['challenge']: raise OAuthError('invalid_grant')
                elif verifier: note('violations', 'a verifier that was not announced')

            # A refresh token is good once too. Who shows an old one has stolen it, or lost the new one: all ends.
            def rotate(self, fields):
                token = fields.get('refresh_token')
                if not STATE.refresh.get(token):
                    if token in STATE.refresh:
                        note('violations', 'a refresh token was used twice')
                        for other in STATE.refresh: STATE.refresh[other] = False
                        for other in STATE.access: STATE.access[other] = 0
                    raise OAuthError('invalid_grant')
                STATE.refresh[token] = False
                if NAME == 'gitlab':
                    for other in STATE.access: STATE.access[other] = 0

            def issue(self):
                lifetime = int(STATE.settings.get('lifetime', PERSONA.lifetime))
                access = f'canary-access-{secrets.token_hex(400)}'
                STATE.access[access] = time.time() + lifetime if lifetime else float('inf')
                note('accessTokens', access)
                answer = {'access_token': access, 'token_type': 'jwt-bearer' if NAME == 'azure' else 'bearer', 'unknown': {'member': 1}}
                answer['scopes' if STATE.settings.get('old') else 'scope'] = 'repository'
                if lifetime: answer['expires_in'] = str(lifetime) if NAME == 'azure' else lifetime
                if PERSONA.refresh:
                    refresh = f'canary-refresh-{secrets.token_hex(20)}'
                    STATE.refresh[refresh] = True
                    note('refreshTokens', refresh)
                    answer['refresh_token'] = refresh
                return answer

            def good(self, token):
                with CONTROL: return STATE.access.get(token, 0) > time.time()

            # The API takes tokens in the header, and nowhere else.
            def user(self, url):
                kind, _, token = self.headers.get('Authorization', '').partition(' ')
                if 'access_token' in self.query or kind != 'Bearer' or not self.good(token): raise OAuthError('invalid_token', 401)
                # What the page of the user ticks is no permission to read the account.
                if NAME == 'bitbucket': raise OAuthError('insufficient_scope', 403)
                return 200, [('Content-Type', 'application/json')], b'{"id": 1, "login": "mona"}'

            # Private repositories.
            def repository(self, body):
                if 'canary' in self.path:
                    with CONTROL: note('violations', 'a secret in the address of a repository')
                kind, _, login = self.headers.get('Authorization', '').partition(' ')
                name, _, password = base64.b64decode(login if kind == 'Basic' else '').decode('latin-1').partition(':')
                if name != PERSONA.git or not self.good(password):
                    return 401, [('WWW-Authenticate', 'Basic realm="private"')], b'You sent ' + password.encode()
                return self.backend(ARGUMENTS[1], body)


        """
}
