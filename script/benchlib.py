"""What the benchmark scripts share: a server of the release binary, and figures."""
import base64, http.client, io, json, os, pathlib, re, subprocess, sys, tarfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLAN_AND_APPLY = base64.b64encode(
    b'flow:\n- type: "terraformPlan"\n  step: 100\n- type: "terraformApply"\n  step: 200\n'
).decode()


def binary():
    path = os.environ.get("TERRAKUBE_BINARY", str(ROOT / ".build/release/terrakube"))
    if not os.path.exists(path):
        sys.exit(f"{path} is not there: run script/bootstrap")
    return path


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def archive(text):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("main.tf")
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


class Server:
    def __init__(self, binary, data, environment=None):
        self.binary, self.data, self.environment = binary, data, environment or {}
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            [binary, "serve", "--data-dir", data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **self.environment},
        )
        for line in self.process.stdout:
            if match := re.search(r"Terrakube is ready at http://([^:]+):(\d+)", line):
                self.ready = time.perf_counter() - begin
                self.host, self.port = match[1], int(match[2])
                break

    def resident(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) / 1024

    def connect(self):
        self.token = subprocess.run(
            [self.binary, "token", "create", "--data-dir", self.data, "--user", "admin", "--description", "bench"],
            check=True, capture_output=True, text=True, env={**os.environ, **self.environment},
        ).stdout.strip()
        self.connection = http.client.HTTPConnection(self.host, self.port)
        return self

    def call(self, method, path, body=None, kind="application/vnd.api+json"):
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Authorization": f"Bearer {self.token}"}
        if data is not None:
            headers["Content-Type"] = kind
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text) if text.startswith(b"{") else text

    def create(self, kind, path, attributes, relationships=None):
        data = {"type": kind, "attributes": attributes, "relationships": relationships or {}}
        return self.call("POST", f"/api/v1{path}", {"data": data})["data"]

    def workspace(self, name):
        if not hasattr(self, "organization"):
            self.organization = self.create("organization", "/organization", {"name": "bench"})["id"]
        attributes = {"name": name, "source": "empty", "branch": "remote-content", "terraformVersion": ">= 1.4"}
        return self.create("workspace", f"/organization/{self.organization}/workspace", attributes)["id"]

    def upload(self, workspace, text):
        version = self.call("POST", f"/remote/tfe/v2/workspaces/{workspace}/configuration-versions", b"{}")
        url = version["data"]["attributes"]["upload-url"]
        self.call("PUT", url[url.index("/remote"):], archive(text), "application/octet-stream")

    def run(self, workspace):
        """Seconds from the request that makes the job to the end of its last step, as a client sees it."""
        link = {"workspace": {"data": {"type": "workspace", "id": workspace}}}
        begin, wall = time.perf_counter(), time.time()
        job = self.create("job", f"/organization/{self.organization}/job", {"tcl": PLAN_AND_APPLY}, link)["id"]
        path = f"/organization/{self.organization}/job/{job}"
        steps = self.call("GET", f"/api/v1{path}/step?sort=stepNumber")["data"]
        # The stream of the last step ends when the step has ended.
        self.call("GET", f"/tfoutput/v1{path}/step/{steps[-1]['id']}/stream")
        duration = time.perf_counter() - begin
        status = self.call("GET", f"/api/v1{path}")["data"]["attributes"]["status"]
        if status != "completed":
            sys.exit(f"job {job} is {status}")
        return duration, wall

    def stop(self):
        self.process.terminate()
        self.process.wait()
