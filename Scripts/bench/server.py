"""nginx on loopback, as quick as a provider can be: static pages and files, no password hashing.

Five doors, all with the same content: plain HTTP/1.1, TLS 1.3 with HTTP/1.1, TLS 1.3 with HTTP/2, and
the first and the third once more, 50 ms away. nginx has no delay of its own; those two stand behind the proxy
`delay`, which holds what clients send, so each request takes that much longer in any protocol and no
bandwidth is lost.
"""

import base64
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import corpora

TOKEN = "t-bench"
SECRET = "s-bench"
DELAY_MILLISECONDS = 50
# What nginx's `listen` says of each door.
DOORS = {"plain": "", "tls": " ssl", "h2": " ssl http2", "far": "", "far-h2": " ssl http2"}
FAR = ("far", "far-h2")
PORTS = (*DOORS, *(f"{door} behind" for door in FAR), "status")


def free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
        except OSError:
            return None


class Server:
    """Starts nginx and the proxies; `address[door]` is where to knock."""

    def __init__(self, root, tools, workers, say):
        self.root = Path(root)
        self.tools = Path(tools)
        self.workers = workers
        self.say = say
        self.folder = self.root / "nginx"
        self.corpora = self.root / "corpora"
        self.processes = []
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = self.choose_ports()
        self.certificate = self.folder / "ca.pem"
        self.address = {
            door: f"{'https' if 'ssl' in listen else 'http'}://127.0.0.1:{self.ports[door]}"
            for door, listen in DOORS.items()
        }

    def choose_ports(self):
        """The same as last time when they are free: listing pages have them in their URLs."""
        file = self.folder / "ports.json"
        kept = json.loads(file.read_text()) if file.is_file() else {}
        ports = {}
        for door in PORTS:
            port = free(kept.get(door, 0)) or free(0)
            while port in ports.values():
                port = free(0)
            ports[door] = port
        file.write_text(json.dumps(ports))
        return ports

    def make_certificate(self):
        if self.certificate.is_file():
            return
        self.say("making a certificate for 127.0.0.1")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            + ["-keyout", str(self.folder / "key.pem"), "-out", str(self.certificate)]
            + ["-days", "3650", "-subj", "/CN=callarchive benchmark"]
            + ["-addext", "subjectAltName=IP:127.0.0.1"],
            check=True,
            capture_output=True,
        )

    def listing(self):
        """The map entries for the Link headers: the next page of each page that has one."""
        for corpus in corpora.CORPORA.values():
            for page in range(corpus.pages() - 1):
                query = f"page={page + 1}&size={corpora.PAGE_SIZE}"
                url = f"$scheme://$http_host/{corpus.name}/v1/users/{corpora.USER}/recordings?{query}"
                first = f"\"{corpus.name}/\"" if page == 0 else ""
                for key in filter(None, (first, f'"{corpus.name}/{page}"')):
                    yield f"{key} '<{url}>; rel=\"next\"';"

    def locations(self, door):
        """What is the same behind each door, apart from the folder of the listing pages."""
        user = corpora.USER
        lines = ["if ($allowed = 0) { return 401; }", "error_page 401 = @challenge;"]
        lines.append(
            "location @challenge { add_header WWW-Authenticate 'Basic realm=\"bench\"' always; return 401; }"
        )
        for corpus in corpora.CORPORA.values():
            head = f"/{corpus.name}/v1/users/{user}"
            folder = self.corpora / corpus.name
            pages = folder / corpora.pages_folder(corpus, self.address[door])
            lines.append(
                f"location = {head}/recordings {{ set $corpus {corpus.name}; root {pages};"
                " add_header Link $link; default_type application/json; try_files /$page.json =404; }"
            )
            if corpus.mapped:
                lines.append(
                    f'location ~ "^{head}/media/c-[0-9]+([0-9][0-9])-1\\.wav$" {{'
                    f" alias {folder}/media/$1.wav; }}"
                )
            else:
                lines.append(f"location {head}/media/ {{ alias {folder}/media/; autoindex on; }}")
        return "\n        ".join(lines)

    def configuration(self):
        authorization = base64.b64encode(f"{TOKEN}:{SECRET}".encode()).decode()
        links = "\n        ".join(self.listing())
        temporary = "\n    ".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        tls = (
            f"ssl_certificate {self.certificate}; ssl_certificate_key {self.folder}/key.pem;"
            " ssl_protocols TLSv1.3; ssl_session_cache shared:tls:4m;"
        )

        servers = "".join(
            f"    server {{\n        listen 127.0.0.1:{self.ports.get(f'{door} behind', self.ports[door])}"
            f"{listen};\n        {tls if 'ssl' in listen else ''}\n        {self.locations(door)}\n    }}\n"
            for door, listen in DOORS.items()
        )
        files = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        user = "user root;" if os.getuid() == 0 else ""
        return f"""{user}
daemon off;
pid {self.folder}/nginx.pid;
worker_processes {self.workers};
worker_rlimit_nofile {files};
events {{ worker_connections 8192; multi_accept on; }}
http {{
    {temporary}
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    open_file_cache max={files // 2} inactive=1h;
    open_file_cache_valid 1h;
    map_hash_max_size 16384;
    map_hash_bucket_size 256;
    types {{ audio/wav wav; }}
    map $http_authorization $allowed {{ default 0; "Basic {authorization}" 1; }}
    map $arg_page $page {{ default $arg_page; "" 0; }}
    map $corpus/$arg_page $link {{
        default "";
        {links}
    }}
    server {{ listen 127.0.0.1:{self.ports["status"]}; location / {{ stub_status; }} }}
{servers}}}
"""

    def start(self):
        self.make_certificate()
        (self.folder / "nginx.conf").write_text(self.configuration())
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.run([nginx, "-p", str(self.folder), "-e", f"{self.folder}/error.log"]
                 + ["-c", f"{self.folder}/nginx.conf"])
        for door in FAR:
            self.run(
                [self.tools / "delay", self.ports[door], self.ports[f"{door} behind"], DELAY_MILLISECONDS],
                stdout=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + 30
        for door in PORTS:
            while not self.listens(self.ports[door]):
                if time.monotonic() > deadline or any(p.poll() is not None for p in self.processes):
                    raise SystemExit(f"bench: the server doesn't start; see {self.folder}/error.log")
                time.sleep(0.05)

    def run(self, command, **options):
        self.processes.append(subprocess.Popen([str(part) for part in command], **options))

    @staticmethod
    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def counters(self):
        """Connections accepted and requests answered since nginx started, this question excluded."""
        url = f"http://127.0.0.1:{self.ports['status']}/"
        with urllib.request.urlopen(url, timeout=10) as answer:
            numbers = re.search(r"(\d+) +(\d+) +(\d+)", answer.read().decode())
        self.asked = getattr(self, "asked", 0) + 1
        return int(numbers.group(1)) - self.asked, int(numbers.group(3)) - self.asked

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
