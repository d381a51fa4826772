"""Labels: the network's own are shown first, a person changes them, and the filling follows."""

from studio_case import StudioCase


class LabelTests(StudioCase):
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
