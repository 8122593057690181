"""Receives pings on loopback and writes each down, for the tests of --ping-url.

Usage: ping-receiver.py FILE

Prints its URL, with a path that stands for the secret of a real one. Each ping becomes a line of
JSON in FILE: method, path and body. It answers 200, as healthchecks does.
"""

import http.server
import json
import sys


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        ping = {
            "method": self.command,
            "path": self.path,
            "body": body.decode("utf-8"),
            "authorization": self.headers.get("Authorization"),
        }
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(ping) + "\n")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    do_GET = do_POST

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    print(f"http://127.0.0.1:{server.server_address[1]}/5f1c-canary", flush=True)
    server.serve_forever()


main()
