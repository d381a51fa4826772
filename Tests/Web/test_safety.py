"""Pages from elsewhere, in a browser that lets them try."""

import http.server
import threading

from studio_case import StudioCase


class ElsewhereTests(StudioCase):
    # Names that lead to this machine, as a rebound name does.
    browser_arguments = ["--host-resolver-rules=MAP evil.example 127.0.0.1"]
    expected_errors = ("",)

    @classmethod
    def start(cls):
        super().start()

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

            def log_message(self, *_):
                pass

        cls.elsewhere = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=cls.elsewhere.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.elsewhere.shutdown()
        cls.elsewhere.server_close()
        super().tearDownClass()

    def outcome(self, script):
        """What a script on another origin's page gets: the text of an answer, or the name of the error."""
        self.page.goto(f"http://127.0.0.1:{self.elsewhere.server_port}/")
        return self.page.evaluate(
            "async ([script, address]) => { try { return await (new Function('address', `return (${script})(address)`))(address); }"
            " catch (error) { return error.name; } }",
            [script, self.address],
        )

    def test_another_origin_reads_and_does_nothing(self):
        reading = ["api/v1/models", "api/v1/runs", "healthz", "app.js", "api/v1/examples/1"]
        for path in reading:
            self.assertEqual(self.outcome(f"async (a) => (await fetch(a + '{path}')).text()"), "TypeError", path)
        post = "{method: 'POST', body: new FormData()}"
        self.assertEqual(self.outcome(f"async (a) => (await fetch(a + 'api/v1/fill', {post})).text()"), "TypeError")
        image = "(a) => new Promise((done) => { const image = new Image(); image.onload = () => done('shown');" \
            " image.onerror = () => done('refused'); image.src = a + 'api/v1/examples/1'; })"
        self.assertEqual(self.outcome(image), "refused")
        events = "(a) => new Promise((done) => { const source = new EventSource(a + 'api/v1/events');" \
            " source.onopen = () => done('open'); source.onerror = () => { source.close(); done('refused'); }; })"
        self.assertEqual(self.outcome(events), "refused")
        frame = "(a) => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = a;" \
            " frame.onload = () => { try { done(frame.contentDocument ? 'blank' : 'refused'); } catch { done('refused'); } };" \
            " document.body.append(frame); })"
        self.assertEqual(self.outcome(frame), "refused")

    def test_a_form_from_elsewhere_is_refused(self):
        self.page.goto(f"http://127.0.0.1:{self.elsewhere.server_port}/")
        with self.page.expect_navigation():
            self.page.evaluate(
                "(address) => { const form = document.createElement('form'); form.method = 'post';"
                " form.enctype = 'multipart/form-data'; form.action = address + 'api/v1/fill';"
                " document.body.append(form); form.submit(); }",
                self.address,
            )
        self.assertIn("from another origin", self.page.inner_text("body"))

    def test_a_name_that_was_led_here_is_refused(self):
        port = self.address.rstrip("/").split(":")[-1]
        answer = self.page.goto(f"http://evil.example:{port}/api/v1/models")
        self.assertEqual(answer.status, 421)
        self.assertIn("expected a Host that is this server's address", self.page.inner_text("body"))
