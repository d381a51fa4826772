"""The attention microscope: pointing at a filled pixel shows where the network looked."""

from studio_case import StudioCase, stripes


class AttentionTests(StudioCase):
    @classmethod
    def start(cls):
        cls.train(
            "deepfill_v2.json", "runs/attentive", 1,
            **{"data.size": 64, "data.train": '"procedural"', "model.discriminator_width": 4, "training.batch_size": 1},
        )
        super().start()

    def ink(self):
        """The number of pixels of the marks over the picture."""
        return self.page.evaluate(
            "async () => { studio.view.redraw();"
            " await new Promise((done) => studio.view.addEventListener('frame', done, {once: true}));"
            " const { data } = studio.view.marks.getImageData(0, 0, studio.view.marks.canvas.width, studio.view.marks.canvas.height);"
            " let count = 0; for (let at = 3; at < data.length; at += 4) if (data[at]) count++; return count; }"
        )

    def test_pointing(self):
        page = self.page
        self.open(stripes(64, 64), "small.png")
        self.choose_model("methods/harmonic")
        page.keyboard.press("r")
        self.drag([(20, 20), (44, 44)])
        self.fill()
        self.assertFalse(page.locator("#look").is_visible(), "a method without a network looks at nothing")
        page.click("#undo")
        self.until("!studio.editor.hole.isEmpty")
        self.choose_model("runs/attentive/latest")
        self.until("document.getElementById('model-note').textContent.startsWith('Trained')")
        self.fill()
        page.click("#look")
        self.until("studio.look.isLooking")
        offsets = page.evaluate(
            "[...Array(24).keys()].flatMap((y) => [...Array(24).keys()].map((x) => { const point = {x: x + 20, y: y + 20};"
            " const target = studio.look.target(point); return [target.x - point.x, target.y - point.y]; }))"
        )
        self.assertEqual(len(offsets), 576)
        self.assertTrue(any(offset != [0, 0] for offset in offsets))
        self.assertIsNone(page.evaluate("studio.look.target({x: 5, y: 5})"))
        # It looks at what is known.
        targets = [(20 + index % 24 + dx, 20 + index // 24 + dy) for index, (dx, dy) in enumerate(offsets)]
        self.assertEqual([(x, y) for x, y in targets if 20 <= x < 44 and 20 <= y < 44], [])
        self.assertTrue(all(0 <= x < 64 and 0 <= y < 64 for x, y in targets))
        page.mouse.move(*self.screen(5.5, 5.5))
        known = self.ink()
        far = max(range(576), key=lambda index: sum(map(abs, offsets[index])))
        page.mouse.move(*self.screen(20.5 + far % 24, 20.5 + far // 24))
        self.assertGreater(self.ink(), known + 50, "a ring, a line and a square")
        self.screenshot("attention")
        # Nothing is painted meanwhile, and arrow keys tell it in words.
        self.drag([(30, 30), (40, 40)])
        self.assertEqual(self.painted(), 0)
        page.focus("#view")
        page.keyboard.press("ArrowRight")
        self.assertRegex(page.inner_text("#status"), r"It looked \d+ pixels to the (right|left) and \d+ pixels (up|down).")
        page.keyboard.press("Escape")
        self.assertFalse(page.evaluate("studio.look.isLooking"))
        page.keyboard.press("w")
        self.until("studio.look.isLooking")
        page.click("#results li:nth-child(1) button:first-child")
        self.until("!studio.look.isLooking")
        self.assertFalse(page.locator("#look").is_visible())
