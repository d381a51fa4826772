"""A studio of its own for each class of tests, and a browser that looks at it."""

import os
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

from playwright.sync_api import sync_playwright


def png(width, height, color):
    """A PNG file whose pixels are `color(x, y)`, three numbers each, or four with opacities."""
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in color(x, y)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", width, height, 8, {3: 2, 4: 6}[len(color(0, 0))], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def stripes(width=320, height=240):
    return png(width, height, lambda x, y: (200 - x // 4, 90 + 60 * (y // 16 % 2), 60 + y // 3))


class StudioCase(unittest.TestCase):
    """Each test has a page of its own; an error in its console, or a script that ends in one, fails it."""

    arguments = []
    viewport = {"width": 1280, "height": 800}
    context_options = {}
    browser_arguments = []
    # The browser says of a refused request that it was refused.
    expected_errors = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.start()
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(
            executable_path=os.environ["KINTSUGI_CHROMIUM"], args=["--no-sandbox", *cls.browser_arguments]
        )

    @classmethod
    def start(cls):
        cls.studio = subprocess.Popen(
            [os.environ["KINTSUGI_STUDIO"], "--port", "0", "--priority", "normal", *cls.arguments],
            stdout=subprocess.PIPE, text=True, cwd=cls.folder.name,
        )
        cls.address = cls.studio.stdout.readline().split()[-1]

    @classmethod
    def train(cls, configuration, name, steps, *arguments, **settings):
        """Trains a network that takes no time for a few steps, in the run of a name."""
        program = os.path.join(os.path.dirname(os.environ["KINTSUGI_STUDIO"]), "train")
        path = os.path.join(os.path.dirname(__file__), "../../Configs", configuration)
        usual = {
            "data.validation_count": 2, "model.width": 4, "training.batch_size": 2, "training.checkpoint_every": 2,
            "training.sample_every": 2, "training.validate_every": 2,
        }
        changes = [part for key, value in {**usual, **settings}.items() for part in ("--set", f"{key}={value}")]
        result = subprocess.run(
            [program, "--config", path, "--steps", str(steps), "--run-directory", os.path.join(cls.folder.name, name),
             *changes, *arguments],
            capture_output=True, text=True,
        )
        if result.returncode:
            raise RuntimeError(result.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.studio.terminate()
        cls.studio.wait()
        cls.studio.stdout.close()
        cls.folder.cleanup()

    def setUp(self):
        self.context = self.browser.new_context(viewport=self.viewport, **self.context_options)
        self.addCleanup(self.context.close)
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.load()

    def tearDown(self):
        unexpected = [error for error in self.errors if not any(part in error for part in self.expected_errors)]
        self.assertEqual(unexpected, [])

    def load(self):
        self.page.goto(self.address)
        self.page.wait_for_selector("html[data-ready]")

    # What tests do and look at.

    def until(self, expression, seconds=60):
        """Waits until an expression is true; the page's own policy forbids what playwright has for this."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.page.evaluate(expression):
                return
            time.sleep(0.05)
        self.fail(f"never: {expression}")

    def open(self, data=None, name="stripes.png", kind="image/png"):
        self.page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": data or stripes()})
        self.page.wait_for_selector("#welcome", state="hidden")

    def screen(self, x, y):
        """The position on the page of a point of the picture."""
        return self.page.evaluate(
            "([x, y]) => { const box = studio.view.element.getBoundingClientRect();"
            " const at = studio.view.toScreen({x, y}); return [at.x + box.x, at.y + box.y]; }",
            [x, y],
        )

    def drag(self, points, button="left"):
        mouse = self.page.mouse
        mouse.move(*self.screen(*points[0]))
        mouse.down(button=button)
        for point in points[1:]:
            mouse.move(*self.screen(*point), steps=6)
        mouse.up(button=button)

    def painted(self):
        """The number of missing pixels."""
        return self.page.evaluate("studio.editor.hole.count")

    def is_missing(self, x, y):
        return self.page.evaluate("([x, y]) => studio.editor.hole.values[y * studio.editor.hole.width + x] === 1", [x, y])

    def choose_model(self, name):
        self.page.select_option("#model", name)

    def results(self):
        return self.page.evaluate("studio.editor.results.length")

    def fill(self):
        count = self.results()
        self.page.click("#run")
        self.until(f"studio.editor.results.length > {count}")

    def rgba(self, x, y):
        """A pixel of the picture that is shown, by the browser's own decoder."""
        return self.page.evaluate(
            "([x, y]) => { const canvas = new OffscreenCanvas(1, 1); const context = canvas.getContext('2d');"
            " context.drawImage(studio.editor.current.bitmap, -x, -y);"
            " return [...context.getImageData(0, 0, 1, 1).data]; }",
            [x, y],
        )

    def pixel(self, x, y):
        return self.rgba(x, y)[:3]

    def reload(self):
        """Loads the page anew once the browser has kept everything."""
        self.until("!studio.editor.session.isWriting")
        self.load()

    def screenshot(self, name, **options):
        """Keeps a picture of the page where somebody wants to look at it."""
        folder = os.environ.get("KINTSUGI_SCREENSHOTS")
        if folder:
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=f"{folder}/{name}.{options.get('type', 'png')}", **options)
