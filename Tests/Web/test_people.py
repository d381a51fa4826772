"""The page for people: keyboard alone, fingers, small windows, both color schemes, and what reads it aloud."""

from axe_playwright_python.sync_playwright import Axe

from studio_case import StudioCase


class KeyboardTests(StudioCase):
    def test_everything_without_a_mouse(self):
        keyboard = self.page.keyboard
        for _ in range(40):
            if self.page.evaluate("document.activeElement.parentElement?.id === 'examples'"):
                break
            keyboard.press("Tab")
        keyboard.press("Enter")
        self.page.wait_for_selector("#welcome", state="hidden")
        self.assertEqual(self.page.evaluate("document.activeElement.id"), "view")
        self.choose_model("methods/harmonic")
        self.page.focus("#view")
        keyboard.press("Space")
        dot = self.painted()
        self.assertGreater(dot, 0)
        keyboard.press("Control+ArrowRight")
        keyboard.press("Control+ArrowDown")
        self.assertGreater(self.painted(), dot)
        keyboard.press("g")
        keyboard.press("Enter")
        self.until("studio.editor.results.length === 1")
        keyboard.down("o")
        self.assertTrue(self.page.evaluate("studio.view.isOriginalShown"))
        keyboard.up("o")
        self.assertFalse(self.page.evaluate("studio.view.isOriginalShown"))
        keyboard.down("Tab")
        self.assertTrue(self.page.evaluate("studio.view.isOriginalShown"))
        self.page.wait_for_timeout(400)
        keyboard.up("Tab")
        self.assertEqual(self.page.evaluate("[studio.view.isOriginalShown, document.activeElement.id]"), [False, "view"])
        keyboard.press("Tab")
        self.assertNotEqual(self.page.evaluate("document.activeElement.id"), "view")
        self.page.focus("#view")
        keyboard.press("c")
        self.assertTrue(self.page.evaluate("studio.view.isComparing"))
        keyboard.press("c")
        keyboard.press("Control+z")
        self.until("studio.editor.hole.count > 0")
        keyboard.press("Delete")
        keyboard.press("r")
        keyboard.press("Space")
        for _ in range(3):
            keyboard.press("ArrowRight")
            keyboard.press("ArrowDown")
        keyboard.press("Space")
        self.assertGreater(self.painted(), 100)
        keyboard.press("?")
        self.assertTrue(self.page.locator("#keys").is_visible())
        self.screenshot("keys")
        keyboard.press("Escape")
        self.assertFalse(self.page.locator("#keys").is_visible())

    def test_caps_lock_changes_nothing(self):
        self.open()
        self.drag([(80, 100), (120, 100)])
        count = self.painted()
        press = (
            "([key, options]) => studio.view.element.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...options}))"
        )
        self.page.evaluate(press, ["Z", {"ctrlKey": True}])
        self.until("studio.editor.hole.count === 0")
        self.page.evaluate(press, ["z", {"ctrlKey": True, "shiftKey": True}])
        self.until(f"studio.editor.hole.count === {count}")
        self.page.evaluate(press, ["E", {}])
        self.assertEqual(self.page.evaluate("studio.editor.tool"), "eraser")

    def test_every_control_has_a_name(self):
        nameless = self.page.evaluate(
            "[...document.querySelectorAll('button, select, input:not([hidden])')].filter((node) =>"
            " !(node.textContent.trim() || node.getAttribute('aria-label') || node.labels?.length || node.querySelector('img[alt]')))"
            ".map((node) => node.outerHTML)"
        )
        self.assertEqual(nameless, [])


class AccessibilityTests(StudioCase):
    # The checker is a script from elsewhere, which the page's own policy would not let in.
    context_options = {"bypass_csp": True}

    def check(self, scheme):
        self.page.emulate_media(color_scheme=scheme)
        self.screenshot(f"welcome-{scheme}")
        self.violations(f"{scheme}, welcome")
        self.page.click("#examples button:nth-child(2)")
        self.page.wait_for_selector("#welcome", state="hidden")
        self.choose_model("methods/patches")
        for group in ["pair", "batch", "options"]:
            self.page.click(f"#{group} > summary")
        self.drag([(280, 380), (330, 280)])
        self.violations(f"{scheme}, painted")
        for group in ["pair", "batch", "options"]:
            self.page.click(f"#{group} > summary")
        self.fill()
        self.page.click("#compare")
        self.violations(f"{scheme}, filled")
        self.screenshot(f"filled-{scheme}")

    def violations(self, place):
        found = [
            f"{place}: {item['id']} ({item['impact']}): {item['nodes'][0]['html']}"
            for item in Axe().run(self.page).response["violations"]
            if item["impact"] in ("serious", "critical")
        ]
        self.assertEqual(found, [])

    def test_light(self):
        self.check("light")

    def test_dark(self):
        self.check("dark")


class TelephoneTests(StudioCase):
    viewport = {"width": 390, "height": 844}
    context_options = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}

    def touch(self, kind, points):
        self.session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]},
        )

    def test_fingers(self):
        self.session = self.context.new_cdp_session(self.page)
        self.page.tap("#examples button:nth-child(1)")
        self.page.wait_for_selector("#welcome", state="hidden")
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.assertLessEqual(width, 390, "nothing lies beside the window")
        at = self.screen(300, 300)
        self.touch("touchStart", [at])
        for step in range(1, 6):
            self.touch("touchMove", [(at[0] + 10 * step, at[1])])
        self.touch("touchEnd", [])
        count = self.painted()
        self.assertGreater(count, 0)
        scale = self.page.evaluate("studio.view.scale")
        self.touch("touchStart", [at])
        self.touch("touchStart", [at, (at[0] + 60, at[1] + 60)])
        for step in range(1, 6):
            self.touch("touchMove", [(at[0] - 8 * step, at[1] - 8 * step), (at[0] + 60 + 8 * step, at[1] + 60 + 8 * step)])
        self.touch("touchEnd", [])
        self.assertGreater(self.page.evaluate("studio.view.scale"), 1.3 * scale)
        self.assertEqual(self.painted(), count, "two fingers paint nothing")
        self.page.tap("#zoom-fit")
        self.choose_model("methods/harmonic")
        self.screenshot("telephone")
        self.page.tap("#run")
        self.until("studio.editor.results.length === 1")
        self.screenshot("telephone-filled")


class PictureTests(StudioCase):
    """The picture of the page that README.md shows, of a built-in picture."""

    viewport = {"width": 1120, "height": 700}

    def test_picture_for_readme(self):
        self.page.click("#examples button:nth-child(1)")
        self.page.wait_for_selector("#welcome", state="hidden")
        self.choose_model("methods/patches")
        self.page.evaluate("studio.editor.brushSize = 64")
        self.drag([(270, 165), (350, 155), (365, 225), (290, 250), (280, 190), (345, 210)])
        self.fill()
        self.page.click("#undo")
        self.until("studio.editor.hole.count > 0")
        self.page.mouse.move(*self.screen(345, 210))
        self.screenshot("readme", type="jpeg", quality=80)
