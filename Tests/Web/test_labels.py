"""Labels: the network's own are shown first, a person changes them, and the filling follows."""

import os
import subprocess

from studio_case import StudioCase, png, stripes


class LabelTests(StudioCase):
    expected_errors = ("status of 400",)

    @classmethod
    def start(cls):
        cls.train(
            "semantic_guidance_quickstart.json", "runs/labels", 2,
            **{
                "training.phases": '[{"phase": "first_stage", "steps": 1}, {"phase": "second_stage", "steps": 1}]',
                "model.discriminator_width": 4, "model.spade_hidden": 4, "model.decoder_discriminator_width": 4,
            },
        )
        super().start()

    def test_predict_edit_fill(self):
        page = self.page
        page.click("#examples button:nth-child(1)")
        page.wait_for_selector("#welcome", state="hidden")
        self.choose_model("runs/labels/latest")
        self.until("studio.editor.labelClasses !== null")
        self.drag([(280, 200), (340, 200)])
        page.click("#layers button:nth-child(2)")
        # Predicted at once, for there were none.
        self.until("!studio.editor.labels.isEmpty")
        classes = page.evaluate("studio.editor.labelClasses.classes.length")
        self.assertEqual(page.locator("#classes button").count(), classes)
        predicted = page.evaluate("studio.editor.labels.values[200 * 640 + 310]")
        self.assertGreater(predicted, 0)
        wanted = 2 if predicted == 1 else 1
        page.click(f"#classes button:nth-child({wanted})")
        page.evaluate("studio.editor.brushSize = 90")
        self.drag([(260, 200), (360, 200)])
        self.assertEqual(page.evaluate("studio.editor.labels.values[200 * 640 + 310]"), wanted)
        self.screenshot("labels")
        page.click("#undo")
        self.until(f"studio.editor.labels.values[200 * 640 + 310] === {predicted}")
        page.click("#redo")
        self.until(f"studio.editor.labels.values[200 * 640 + 310] === {wanted}")
        self.fill()
        self.assertIn("by labels", page.evaluate("studio.editor.results[0].outcome"))
        # The eraser leaves pixels to the network; another model has no labels.
        page.click("#undo")
        self.until("!studio.editor.hole.isEmpty")
        page.keyboard.press("e")
        self.drag([(260, 200), (360, 200)])
        self.assertEqual(page.evaluate("studio.editor.labels.values[200 * 640 + 310]"), 0)
        self.choose_model("methods/harmonic")
        self.until("document.getElementById('layers').hidden")
        self.fill()

    def test_label_maps_are_files(self):
        page = self.page
        self.open()
        self.choose_model("runs/labels/latest")
        self.until("studio.editor.labelClasses !== null")
        self.drag([(100, 100), (140, 100)])
        page.click("#layers button:nth-child(2)")
        self.until("!studio.editor.labels.isEmpty && !studio.fill.isRunning")
        page.click("#clear")
        page.click("#classes button:nth-child(2)")
        page.keyboard.press("r")
        self.drag([(80, 80), (160, 120)])
        painted = page.evaluate("[...studio.editor.labels.values]")
        self.assertEqual(set(painted), {0, 2})
        with page.expect_download() as download:
            page.click("#save-layer")
        self.assertEqual(download.value.suggested_filename, "stripes-labels.png")
        with open(download.value.path(), "rb") as file:
            data = file.read()
        # Indexed, with a palette.
        self.assertEqual((data[25], data[37:41]), (3, b"PLTE"))
        page.click("#clear")
        page.set_input_files("#layer-file", {"name": "labels.png", "mimeType": "image/png", "buffer": data})
        self.until("!studio.editor.labels.isEmpty")
        self.assertEqual(page.evaluate("[...studio.editor.labels.values]"), painted)
        page.click("#undo")
        self.until("studio.editor.labels.isEmpty")
        wrong = png(32, 24, lambda x, y: (0, 0, 0))
        foreign = png(320, 240, lambda x, y: (1, 2, 3))
        for file, sentence in [
            (wrong, "the labels: expected a label map of 320x240, the size of the picture, found 32x24"),
            (foreign, "the labels: the color (1, 2, 3) at x 0, y 0 is not in the palette"),
        ]:
            page.set_input_files("#layer-file", {"name": "wrong.png", "mimeType": "image/png", "buffer": file})
            page.wait_for_selector(".message.error")
            self.assertIn(sentence, page.inner_text("#messages"))
            page.click(".message button")
        # The program reads what the page has saved.
        picture = os.path.join(self.folder.name, "picture.png")
        with open(picture, "wb") as file:
            file.write(stripes())
        with open(os.path.join(self.folder.name, "labels.png"), "wb") as file:
            file.write(data)
        with open(os.path.join(self.folder.name, "hole.png"), "wb") as file:
            file.write(png(320, 240, lambda x, y: (255 * (80 <= x < 160 and 80 <= y < 120),) * 3))
        program = os.path.join(os.path.dirname(os.environ["KINTSUGI_STUDIO"]), "inpaint")
        result = subprocess.run(
            [program, "--weights", "runs/labels", "--image", "picture.png", "--hole", "hole.png", "--labels", "labels.png",
             "--output", "out.png"],
            cwd=self.folder.name, capture_output=True, text=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.folder.name, "out.png")))
