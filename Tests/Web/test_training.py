"""A run that is watched while it trains: curves, sheets, and fillings by each new checkpoint."""

import os

from studio_case import StudioCase


class TrainingTests(StudioCase):
    @classmethod
    def start(cls):
        cls.train("deepfill_v2_guided_quickstart.json", "watched", 2)
        cls.arguments = ["--watch", os.path.join(cls.folder.name, "watched")]
        super().start()

    def test_watching(self):
        page = self.page
        self.assertEqual(page.input_value("#model"), "runs/watched/latest")
        self.assertIn("step 2", page.inner_text("#run-note"))
        self.assertTrue(page.is_checked("#follow"))
        self.until("document.querySelectorAll('#curves .curve').length >= 3")
        self.assertIn("Validation: psnr", page.inner_text("#curves"))
        self.until("document.getElementById('sheet-image').naturalWidth > 64")
        self.assertEqual(page.inner_text("#sheet-step"), "2")
        page.fill("#sheet-slider", "0")
        self.assertEqual(page.inner_text("#sheet-step"), "0")
        page.fill("#sheet-slider", "1")

        # The network follows lines: there is a layer for them.
        self.open()
        self.drag([(80, 100), (140, 110)])
        page.click("#layers button:nth-child(2)")
        self.drag([(70, 100), (150, 110)])
        self.assertGreater(page.evaluate("studio.editor.lines.count"), 0)
        page.click("#edges")
        self.until("studio.editor.lines.count > 500")
        page.click("#undo")
        self.until("studio.editor.lines.count < 500")
        self.screenshot("lines")
        page.click("#layers button:nth-child(1)")
        self.fill()
        self.assertIn("watched, step 2", page.inner_text("#results"))

        self.train("deepfill_v2_guided_quickstart.json", "watched", 4, "--resume")
        self.until("studio.editor.results.length === 2", 90)
        self.assertIn("watched, step 4", page.inner_text("#results"))
        self.assertIn("step 4", page.inner_text("#run-note"))
        self.until("document.getElementById('sheet-step').textContent === '4'")
        page.click("#results li:nth-child(3) button")
        self.until("studio.editor.current.blob === studio.editor.results[1].blob")
        page.locator("#training-panel").scroll_into_view_if_needed()
        self.screenshot("training")
