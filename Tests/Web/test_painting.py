"""Painting, filling, comparing, undoing: what a retoucher does with a mouse."""

import os
import zipfile

from studio_case import StudioCase, png, stripes


class PaintingTests(StudioCase):
    expected_errors = ("status of 400",)

    def setUp(self):
        super().setUp()
        self.choose_model("methods/harmonic")

    def test_paint_fill_compare_undo(self):
        self.open()
        original = self.pixel(100, 100)
        self.drag([(80, 100), (120, 100), (140, 120)])
        self.drag([(200, 60), (220, 60)])
        self.assertTrue(self.is_missing(100, 100) and self.is_missing(210, 60))
        count = self.painted()
        self.screenshot("painted")
        self.fill()
        self.assertEqual(self.painted(), 0)
        self.assertNotEqual(self.pixel(100, 100), original)
        self.assertEqual(self.pixel(10, 10), [198, 90, 63])
        self.page.click("#compare")
        self.assertTrue(self.page.evaluate("studio.view.isComparing"))
        self.drag([(160, 20), (300, 20)])
        self.assertGreater(self.page.evaluate("studio.view.divider"), 0.9)
        self.assertEqual(self.painted(), 0, "the divider is dragged, and nothing is painted")
        self.page.click("#compare")
        self.page.click("#undo")
        self.until(f"studio.editor.hole.count === {count}")
        self.assertEqual(self.pixel(100, 100), original)
        self.page.click("#undo")
        self.until(f"studio.editor.hole.count < {count}")
        self.assertFalse(self.is_missing(210, 60))
        self.page.click("#redo")
        self.page.click("#redo")
        self.until("studio.editor.hole.count === 0")
        self.assertNotEqual(self.pixel(100, 100), original)

    def test_tools(self):
        self.open()
        self.page.keyboard.press("r")
        self.drag([(40, 40), (80, 70)])
        self.assertAlmostEqual(self.painted(), 40 * 30, delta=160)
        self.page.keyboard.press("l")
        self.drag([(200, 100), (260, 100), (260, 160), (200, 160)])
        self.assertTrue(self.is_missing(230, 130))
        before = self.painted()
        self.drag([(40, 55), (80, 55)], button="right")
        self.assertFalse(self.is_missing(60, 55))
        self.assertLess(self.painted(), before)
        self.page.click("#invert")
        self.assertTrue(self.is_missing(10, 10) and not self.is_missing(230, 130))
        self.page.click("#invert")
        before = self.painted()
        self.page.click("#grow")
        self.assertTrue(self.is_missing(230, 97))
        self.page.click("#shrink")
        self.page.click("#shrink")
        self.assertLess(self.painted(), before)
        self.page.click("#clear")
        self.assertEqual(self.painted(), 0)
        for _ in range(4):
            self.page.keyboard.press("Control+z")
        self.until(f"studio.editor.hole.count === {before}")

    def test_outlines_are_filled(self):
        self.open()
        self.page.evaluate("studio.editor.brushSize = 6")
        self.drag([(60, 60), (120, 60), (120, 120), (60, 120), (60, 60)])
        self.drag([(200, 60), (260, 60), (260, 120), (200, 120)])
        self.assertFalse(self.is_missing(90, 90))
        self.page.keyboard.press("f")
        self.assertTrue(self.is_missing(90, 90))
        self.assertFalse(self.is_missing(230, 90), "an outline with a gap encloses nothing")
        self.page.click("#undo")
        self.until("studio.editor.hole.values[90 * 320 + 90] === 0")
        self.page.click("#outlines")
        self.assertTrue(self.is_missing(90, 90))

    def test_the_hole_is_seen_on_any_picture(self):
        for color in [(255, 45, 170), (60, 220, 90), (50, 140, 255), (255, 214, 40), (0, 0, 0), (255, 255, 255)]:
            self.open(png(64, 48, lambda x, y: color))
            self.page.keyboard.press("r")
            self.drag([(10, 10), (50, 40)])
            at = self.screen(30, 25)
            box = self.page.locator("#view").bounding_box()
            colors = self.page.evaluate(
                "async ([x, y]) => { studio.view.redraw();"
                " await new Promise((done) => studio.view.addEventListener('frame', done, {once: true}));"
                " const { data } = studio.view.paint.getImageData(x - 12, y - 12, 24, 24); const seen = [];"
                " for (let i = 0; i < data.length; i += 4) seen.push([...data.subarray(i, i + 4)]); return seen; }",
                [at[0] - box["x"], at[1] - box["y"]],
            )
            shown = {tuple(round(p * a / 255 + c * (1 - a / 255)) for p, c in zip(rgb, color)) for *rgb, a in colors}
            distance = max(sum(abs(p - c) for p, c in zip(one, color)) for one in shown)
            self.assertGreater(distance, 150, f"on {color}: {shown}")

    def test_a_pen_paints_and_its_other_end_erases(self):
        self.open()
        at = self.screen(100, 100)
        pen = (
            "([type, x, y, buttons]) => studio.view.element.dispatchEvent(new PointerEvent(type, {pointerId: 7,"
            " pointerType: 'pen', clientX: x, clientY: y, button: buttons === 32 ? 5 : 0, buttons, bubbles: true, cancelable: true}))"
        )
        for buttons in [1, 32]:
            self.page.evaluate(pen, ["pointerdown", *at, buttons])
            self.page.evaluate(pen, ["pointermove", at[0] + 40, at[1], buttons])
            self.page.evaluate(pen, ["pointerup", at[0] + 40, at[1], 0])
            self.assertEqual(self.painted() > 0, buttons == 1)

    def test_straight_line_with_shift(self):
        self.open()
        self.page.evaluate("studio.editor.brushSize = 8")
        self.drag([(40, 40), (41, 40)])
        self.page.keyboard.down("Shift")
        self.drag([(200, 120), (200, 120)])
        self.page.keyboard.up("Shift")
        self.assertTrue(self.is_missing(120, 80))

    def test_moving_and_magnifying(self):
        self.open()
        before = self.screen(0, 0)
        self.drag([(100, 100), (140, 120)], button="middle")
        self.assertEqual(self.painted(), 0)
        moved = self.screen(0, 0)
        self.assertGreater(moved[0], before[0])
        self.page.keyboard.down("Space")
        self.drag([(100, 100), (60, 80)])
        self.page.keyboard.up("Space")
        self.assertEqual(self.painted(), 0)
        scale = self.page.evaluate("studio.view.scale")
        at = self.screen(160, 120)
        self.page.mouse.move(*at)
        self.page.mouse.wheel(0, -200)
        self.until(f"studio.view.scale > {scale} * 1.2")
        after = self.screen(160, 120)
        self.assertAlmostEqual(at[0], after[0], delta=1)
        self.page.keyboard.press("Escape")
        self.until(f"Math.abs(studio.view.scale - {scale}) < 1e-6")

    def test_each_tool_has_its_own_size(self):
        self.open()
        self.page.keyboard.press("b")
        self.page.keyboard.press("]")
        brush = self.page.evaluate("studio.editor.brushSize")
        self.page.keyboard.press("e")
        for _ in range(2):
            self.page.keyboard.press("Shift+BracketRight")
        eraser = self.page.evaluate("studio.editor.brushSize")
        self.page.reload()
        self.page.wait_for_selector("html[data-ready]")
        self.page.keyboard.press("b")
        self.assertEqual(self.page.evaluate("studio.editor.brushSize"), brush)
        self.page.keyboard.press("e")
        self.assertEqual(self.page.evaluate("studio.editor.brushSize"), eraser)
        self.assertGreater(eraser, brush)

    def test_hole_pictures_come_and_go(self):
        self.open()
        hole = png(320, 240, lambda x, y: (255,) * 3 if 100 <= x < 150 and 50 <= y < 90 else (0,) * 3)
        self.page.set_input_files("#layer-file", {"name": "hole.png", "mimeType": "image/png", "buffer": hole})
        self.until("studio.editor.hole.count === 2000")
        with self.page.expect_download() as download:
            self.page.click("#save-layer")
        with open(download.value.path(), "rb") as file:
            data = file.read()
        self.page.click("#clear")
        self.page.set_input_files("#layer-file", {"name": "hole.png", "mimeType": "image/png", "buffer": data})
        self.until("studio.editor.hole.count === 2000")
        wrong = png(32, 24, lambda x, y: (255,) * 3)
        self.page.set_input_files("#layer-file", {"name": "wrong.png", "mimeType": "image/png", "buffer": wrong})
        self.page.wait_for_selector(".message.error")
        self.assertIn("the hole: expected a hole picture of 320x240, the size of the picture, found 32x24", self.page.inner_text("#messages"))

    def test_opacities_of_hole_pictures_are_read_as_by_inpaint(self):
        self.open()
        inside = lambda x, y: 100 <= x < 150 and 50 <= y < 90
        # White strokes on a transparent canvas, and the gaps of a black one.
        for color, opacity in [((255,) * 3, lambda x, y: inside(x, y)), ((0,) * 3, lambda x, y: not inside(x, y))]:
            data = png(320, 240, lambda x, y: (*color, 255 * opacity(x, y)))
            self.page.set_input_files("#layer-file", {"name": "hole.png", "mimeType": "image/png", "buffer": data})
            self.until("studio.editor.hole.count === 2000")
            self.assertTrue(self.is_missing(120, 60))
            self.page.wait_for_selector(".message.remark")
            self.assertIn("the opacities are the hole", self.page.inner_text("#messages"))
            self.page.click("#clear")
            self.page.click(".message button")

    def test_transparency_is_the_hole(self):
        inside = lambda x, y: 100 <= x < 150 and 50 <= y < 90
        self.open(png(320, 240, lambda x, y: (200, 90, 60, 40 if inside(x, y) else 255)))
        self.assertEqual(self.rgba(120, 60)[3], 40)
        self.assertIn("This picture has transparent pixels", self.page.inner_text("#messages"))
        self.screenshot("transparent")
        self.page.click(".message .action")
        self.until("studio.editor.hole.count === 2000")
        self.assertEqual(self.page.inner_text("#messages"), "")
        # It may be painted on, and is seen when it is filled.
        self.page.keyboard.press("g")
        self.assertGreater(self.painted(), 2000)
        self.fill()
        self.assertEqual(self.rgba(120, 60)[3], 255)
        self.page.click("#undo")
        self.until("studio.editor.hole.count > 2000")
        self.assertEqual(self.rgba(120, 60)[3], 40)
        self.page.click("#undo")
        self.page.click("#undo")
        self.until("studio.editor.hole.count === 0")
        # A hole that was painted leaves opacities as they are, as `inpaint --hole` does.
        self.drag([(90, 70), (130, 70)])
        self.fill()
        self.assertEqual(self.rgba(120, 70)[3], 40)
        self.page.focus("#view")
        self.page.keyboard.press("t")
        self.until("studio.editor.hole.count === 2000")
        self.page.click("#clear")
        self.page.focus("#transparency")
        self.page.keyboard.press("Enter")
        self.until("studio.editor.hole.count === 2000")
        self.open()
        self.assertFalse(self.page.locator("#transparency").is_visible())

    def test_a_filling_under_way_is_cancelled(self):
        self.page.evaluate(
            "async () => { const canvas = new OffscreenCanvas(2400, 1800); const context = canvas.getContext('2d');"
            " for (let x = 0; x < 2400; x += 8) { context.fillStyle = `hsl(${x} 60% 50%)`; context.fillRect(x, 0, 8, 1800); }"
            " await studio.editor.open(await canvas.convertToBlob({type: 'image/png'}), 'large.png'); }"
        )
        self.choose_model("methods/patches")
        self.page.keyboard.press("r")
        self.drag([(300, 300), (1500, 1500)])
        count = self.painted()
        self.page.click("#run")
        self.until("document.getElementById('busy-text').textContent === 'Filling…'")
        # Who comes meanwhile sees that it is not their turn, and may go again.
        waiting = self.context.new_page()
        waiting.goto(self.address)
        waiting.wait_for_selector("html[data-ready]")
        waiting.evaluate("studio.editor.clear(); studio.editor.invert()")
        waiting.click("#run")
        first, self.page = self.page, waiting
        self.until("document.getElementById('busy-text').textContent === 'Next in the queue…'")
        waiting.click("#cancel")
        waiting.wait_for_selector("#busy", state="hidden")
        waiting.close()
        self.page = first
        self.page.click("#cancel")
        self.page.wait_for_selector("#busy", state="hidden")
        self.assertEqual((self.results(), self.painted(), self.page.inner_text("#messages")), (0, count, ""))
        # The studio is free for the next one, which would wait for minutes otherwise.
        self.page.click("#clear")
        self.choose_model("methods/harmonic")
        self.drag([(300, 300), (330, 330)])
        self.fill()

    def test_errors_are_shown_in_the_program_s_words(self):
        self.open()
        self.page.evaluate("document.getElementById('seed').value = 'x'; studio.editor.invert()")
        self.page.select_option("#model", "methods/patches")
        self.page.evaluate("studio.editor.current.blob = new Blob(['no picture'])")
        self.page.click("#run")
        self.page.wait_for_selector(".message.error")
        self.assertIn("the picture: expected a JPEG, PNG or WebP picture", self.page.inner_text("#messages"))
        self.page.click(".message button")
        self.assertEqual(self.page.inner_text("#messages"), "")

    def test_the_saved_file_has_the_original_s_format(self):
        self.page.evaluate(
            "async () => { const canvas = new OffscreenCanvas(64, 48); const context = canvas.getContext('2d');"
            " context.fillStyle = '#c62'; context.fillRect(0, 0, 64, 48);"
            " await studio.editor.open(await canvas.convertToBlob({type: 'image/jpeg'}), 'orange.jpg'); }"
        )
        self.drag([(20, 20), (40, 20)])
        self.fill()
        with self.page.expect_download() as download:
            self.page.keyboard.press("Control+s")
        self.assertEqual(download.value.suggested_filename, "orange-filled.jpg")
        with open(download.value.path(), "rb") as file:
            self.assertEqual(file.read(2), b"\xff\xd8")

    def test_two_models_side_by_side(self):
        self.open()
        self.drag([(80, 100), (140, 100)])
        self.page.click("#pair summary")
        self.page.select_option("#other-model", "methods/telea")
        self.page.click("#run-pair")
        self.until("studio.editor.results.length === 2 && studio.view.isComparing")
        self.assertIn("Telea", self.page.inner_text("#divider-row"))
        self.screenshot("pair")
        # Any two of the pictures can be seen so, the original too.
        self.page.click("#results li:nth-child(1) button:first-child")
        self.until("!studio.view.isComparing")
        self.page.click("#results li:nth-child(3) .beside")
        self.until("studio.view.isComparing")
        self.assertEqual(self.page.inner_text("#divider-row").split(), "Harmonic (smoothest) Original".split())
        self.page.click("#compare")
        self.assertFalse(self.page.evaluate("studio.view.isComparing"))

    def test_one_hole_over_many_pictures(self):
        self.open()
        self.drag([(80, 100), (140, 100)])
        self.page.click("#batch summary")
        files = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": stripes(*size)}
                 for name, size in [("a", (320, 240)), ("b", (32, 24)), ("c", (320, 240))]]
        with self.page.expect_download() as download:
            self.page.set_input_files("#batch-files", files)
        archive = zipfile.ZipFile(download.value.path())
        self.assertEqual(archive.namelist(), ["a.png", "c.png"])
        self.assertIsNone(archive.testzip())
        self.assertEqual(archive.read("a.png")[:4], b"\x89PNG")
        self.assertIn("b.png: the hole: expected a hole picture of 32x24", self.page.inner_text("#batch-problems"))
        self.assertIn("2 of 3", self.page.inner_text("#batch-text"))
        # By the options that are set, which change what comes out.
        filled = [self.batch(files[:1], "methods/patches", seed) for seed in (1, 1, 2)]
        self.assertEqual(filled[0], filled[1])
        self.assertNotEqual(filled[0], filled[2])
        folder = os.path.join(self.folder.name, "album")
        os.makedirs(os.path.join(folder, "inner"))
        for name in ["one.png", "inner/two.png"]:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(stripes())
        with open(os.path.join(folder, "notes.txt"), "w") as file:
            file.write("no picture")
        with self.page.expect_download() as download:
            self.page.set_input_files("#batch-folder", folder)
        names = zipfile.ZipFile(download.value.path()).namelist()
        self.assertEqual(sorted(names), ["album/inner/two.png", "album/one.png"])

    def batch(self, files, model, seed):
        self.choose_model(model)
        self.page.evaluate(f"document.getElementById('seed').value = {seed}")
        with self.page.expect_download() as download:
            self.page.set_input_files("#batch-files", files)
        return zipfile.ZipFile(download.value.path()).read("a.png")

    def test_modifiers_are_forgotten_when_the_window_is_left(self):
        self.open()
        self.page.keyboard.down("Space")
        self.page.evaluate("window.dispatchEvent(new Event('blur'))")
        self.drag([(80, 100), (120, 100)])
        self.assertGreater(self.painted(), 0, "Space is not held any more")
        self.page.keyboard.up("Space")

    def test_a_stroke_on_twelve_megapixels_is_drawn_within_a_frame(self):
        self.page.evaluate(
            "async () => { const canvas = new OffscreenCanvas(4000, 3000); const context = canvas.getContext('2d');"
            " context.fillStyle = '#37a'; context.fillRect(0, 0, 4000, 3000);"
            " await studio.editor.open(await canvas.convertToBlob({type: 'image/jpeg'}), 'large.jpg');"
            " studio.frames = []; studio.view.addEventListener('frame', (event) => studio.frames.push(event.milliseconds)); }"
        )
        self.page.evaluate("studio.editor.brushSize = 160")
        self.page.wait_for_timeout(500)
        self.page.evaluate("studio.frames.length = 0")
        self.drag([(1000, 1000), (2500, 1200), (2000, 2200)])
        frames = sorted(self.page.evaluate("studio.frames"))
        self.assertGreater(len(frames), 5)
        # The work of a frame, not the time between two, which other programs have a part in.
        print(f"  a frame's work at 12 megapixels: median {frames[len(frames) // 2]:.1f} ms, most {frames[-1]:.1f} ms")
