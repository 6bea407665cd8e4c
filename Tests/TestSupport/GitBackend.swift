/// Python source that serves repositories by git's own `git http-backend` (git-http-backend(1)).
enum GitBackend {
    /// A class `GitBackend` for handlers: `content()` reads a request's body, `answer()` writes an answer, and `backend()`
    /// runs git on the repositories below a folder.
    static let python = """
        class GitBackend(BaseHTTPRequestHandler):
            def answer(self, status, headers, body):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def content(self):
                if self.headers.get('Transfer-Encoding', '') != 'chunked':
                    return self.rfile.read(int(self.headers.get('Content-Length', 0)))
                body = b''
                while size := int(self.rfile.readline().split(b';')[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body
            def backend(self, root, body):
                url = urllib.parse.urlsplit(self.path)
                environment = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL='1',
                    REQUEST_METHOD=self.command, PATH_INFO=urllib.parse.unquote(url.path), QUERY_STRING=url.query,
                    CONTENT_TYPE=self.headers.get('Content-Type', ''), CONTENT_LENGTH=str(len(body)),
                    HTTP_CONTENT_ENCODING=self.headers.get('Content-Encoding', ''),
                    GIT_PROTOCOL=self.headers.get('Git-Protocol', ''))
                output = subprocess.run(['git', 'http-backend'], input=body, env=environment,
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
                head, _, content = output.partition(b'\\r\\n\\r\\n')
                headers = [tuple(line.split(': ', 1)) for line in head.decode().split('\\r\\n') if ': ' in line]
                status = next((int(value.split()[0]) for name, value in headers if name == 'Status'), 200)
                return status, [header for header in headers if header[0] not in ('Status', 'Content-Length')], content


        """
}
