"""The native API with 1,000 and with 10,000 workspaces (ten jobs each), on both engines, next to pgbench as the ceiling."""
import contextlib, os, pathlib, re, shutil, socket, statistics, subprocess, tempfile, time

from benchlib import Server, binary

SIZES = (1_000, 10_000)
PAGE = "page[number]=1&page[size]=20"
REQUESTS = {
    "jobs: a page of 20 that failed, newest first, with its steps":
        f"/organization/{{organization}}/job?filter[job]=status==failed&sort=-id&include=step&{PAGE}",
    "workspaces: a page of 20 by a part of the name (a scan by nature), with their jobs":
        f"/organization/{{organization}}/workspace?filter[workspace]=name==*space-7*&sort=name&include=job&{PAGE}",
    "workspaces: a page of 20 that are not locked, with their jobs":
        f"/organization/{{organization}}/workspace?filter[workspace]=locked==false&sort=name&include=job&{PAGE}",
    "a workspace by its id": "/organization/{organization}/workspace/{workspace}",
}


@contextlib.contextmanager
def postgres(scratch):
    """The URL of a PostgreSQL cluster of our own; it does not run as root."""
    tools = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    home = scratch / "postgres"
    home.mkdir()
    shutil.chown(home, "postgres")
    scratch.chmod(0o755)
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": "/"}
    subprocess.run([*user, tools / "initdb", "-D", home / "data", "-A", "trust", "-U", "bench"], **quiet)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
    subprocess.run([*user, tools / "pg_ctl", "-D", home / "data", "-o", options, "-l", home / "log", "-w", "start"], **quiet)
    try:
        yield tools, port
    finally:
        subprocess.run([*user, tools / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop"], **quiet)


def ceiling(tools, port):
    """Milliseconds of pgbench's own point select, one client."""
    place = ["-h", "127.0.0.1", "-p", str(port), "-U", "bench", "postgres"]
    subprocess.run([tools / "pgbench", "-i", "-s", "10", "-q", *place], check=True, capture_output=True)
    output = subprocess.run([tools / "pgbench", "-S", "-T", "5", *place], check=True, capture_output=True, text=True).stdout
    return float(re.search(r"latency average = ([0-9.]+) ms", output)[1])


def measure(scratch, engine, size, environment, rounds):
    """p50 in milliseconds of every request."""
    data = scratch / f"{engine}-{size}"
    seed = [binary(), "seed", "--data-dir", data, "--organization", "bench", "--workspaces", str(size), "--jobs", str(size * 10)]
    organization = subprocess.run(
        seed, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    ).stdout.strip()
    server = Server(binary(), str(data), {**environment, "TERRAKUBE_EXECUTORS": "0"}).connect()
    try:
        first = server.call("GET", f"/api/v1/organization/{organization}/workspace?{PAGE}")["data"]
        figures = {}
        for name, path in REQUESTS.items():
            times = []
            for number in range(rounds + 5):
                url = "/api/v1" + path.format(organization=organization, workspace=first[number % len(first)]["id"])
                begin = time.perf_counter()
                server.call("GET", url)
                times.append((time.perf_counter() - begin) * 1000)
            figures[name] = statistics.median(times[5:])
        return figures
    finally:
        server.stop()


def main(rounds):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="terrakube-bench-api."))
    try:
        with postgres(scratch) as (tools, port):
            figures = {}
            for size in SIZES:
                figures["SQLite", size] = measure(scratch, "sqlite", size, {}, rounds)
                name = f"bench_{size}"
                subprocess.run([tools / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "bench", name], check=True)
                url = {"TERRAKUBE_DATABASE_URL": f"postgres://bench@127.0.0.1:{port}/{name}"}
                figures["PostgreSQL", size] = measure(scratch, "postgres", size, url, rounds)
            select = ceiling(tools, port)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("\n| request, p50 | engine | 1,000 workspaces | 10,000 workspaces | ratio |\n| --- | --- | --- | --- | --- |")
    for name in REQUESTS:
        for engine in ("SQLite", "PostgreSQL"):
            small, large = (figures[engine, size][name] for size in SIZES)
            print(f"| {name} | {engine} | {small:.2f} ms | {large:.2f} ms | {large / small:.2f} |")
    print(f"| `pgbench -S`, one row by its key | PostgreSQL | - | {select:.2f} ms | - |")
