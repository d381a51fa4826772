// Tools that paint on a layer: each gets points in the picture's coordinates.

/** The tools in the order of the tool bar; `value` is what they paint. */
export const tools = {
  brush: { label: "Brush", key: "b", value: 1, isRound: true },
  eraser: { label: "Eraser", key: "e", value: 0, isRound: true },
  rectangle: { label: "Rectangle", key: "r", value: 1 },
  lasso: { label: "Lasso", key: "l", value: 1 },
  pan: { label: "Move", key: "m" },
};

/** A stroke from the press to the release. */
export class Stroke {
  /**
   * @param {import("./layer.js").Layer} layer
   * @param {{tool: string, radius: number, value: number, from?: {x: number, y: number}}} settings `from` begins with a
   *   straight line from there
   */
  constructor(layer, { tool, radius, value, from }, point) {
    Object.assign(this, { layer, tool, radius, value });
    this.origin = from ?? point;
    this.points = [point];
    layer.begin();
    if (tools[tool].isRound) layer.stroke(this.origin, point, radius, value);
  }

  /** Goes on; `isStraight` keeps one line from where it began. */
  add(point, isStraight = false) {
    if (tools[this.tool].isRound) {
      if (isStraight) {
        this.layer.cancel();
        this.layer.begin();
        this.layer.stroke(this.origin, point, this.radius, this.value);
        this.points.length = 1;
        this.straight = point;
      } else {
        this.layer.stroke(this.straight ?? this.points[this.points.length - 1], point, this.radius, this.value);
        this.straight = undefined;
        this.points.push(point);
      }
    } else if (this.tool === "rectangle" || isStraight) {
      this.points.splice(1, Infinity, point);
    } else {
      this.points.push(point);
    }
  }

  get last() {
    return this.straight ?? this.points[this.points.length - 1];
  }

  /** @returns a step for the history; null if nothing has changed */
  end() {
    const [first] = this.points;
    if (this.tool === "rectangle") this.layer.rectangle(first, this.last, this.value);
    if (this.tool === "lasso") this.layer.polygon(this.points, this.value);
    return this.layer.end(tools[this.tool].label);
  }

  cancel() {
    this.layer.cancel();
  }

  /** Draws what is not painted yet: a rectangle's or a lasso's outline. */
  drawMarks(context, view) {
    if (tools[this.tool].isRound) return;
    const path = new Path2D();
    const points = this.points.map((point) => view.toScreen(point));
    if (this.tool === "rectangle") {
      const [from, to] = [points[0], points[points.length - 1]];
      path.rect(from.x, from.y, to.x - from.x, to.y - from.y);
    } else {
      points.forEach(({ x, y }, index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
    }
    context.fillStyle = "rgba(255,255,255,.18)";
    context.fill(path, "evenodd");
    outline(context, path);
  }
}

/** A line that is seen on any ground. */
export function outline(context, path) {
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = "rgba(0,0,0,.6)";
  context.stroke(path);
  context.lineWidth = 1.25;
  context.strokeStyle = "#fff";
  context.stroke(path);
}
