// The paint over a picture: one byte a pixel, so that a stroke touches what it covers and nothing else.

const side = 256;

let versions = 0;

/** A rectangle of whole pixels, from (x0, y0) up to but without (x1, y1). */
export class Box {
  constructor(x0, y0, x1, y1) {
    Object.assign(this, { x0, y0, x1, y1 });
  }

  static empty() {
    return new Box(Infinity, Infinity, -Infinity, -Infinity);
  }

  get isEmpty() {
    return this.x1 <= this.x0 || this.y1 <= this.y0;
  }

  add(other) {
    this.x0 = Math.min(this.x0, other.x0);
    this.y0 = Math.min(this.y0, other.y0);
    this.x1 = Math.max(this.x1, other.x1);
    this.y1 = Math.max(this.y1, other.y1);
    return this;
  }

  clipped(width, height) {
    return new Box(
      Math.max(0, Math.floor(this.x0)),
      Math.max(0, Math.floor(this.y0)),
      Math.min(width, Math.ceil(this.x1)),
      Math.min(height, Math.ceil(this.y1)),
    );
  }
}

/** A layer of values: 0 for nothing. A hole and lines have 1 for something, a label map its classes from 1 on. */
export class Layer extends EventTarget {
  /** @param {string} name the condition, or `hole` */
  constructor(name, label, width, height) {
    super();
    Object.assign(this, { name, label, width, height });
    this.values = new Uint8Array(width * height);
    this.count = 0;
    /** Another number whenever something has changed, which no other layer has had. */
    this.version = versions += 1;
    /** True for a hole that was the picture's transparency: what is filled of it becomes opaque. */
    this.isTransparency = false;
    /** The tiles as they were before the stroke that is being drawn. */
    this.before = null;
  }

  get isEmpty() {
    return this.count === 0;
  }

  begin() {
    this.before = new Map();
    this.wasTransparency = this.isTransparency;
  }

  /**
   * Ends a stroke.
   * @returns a step for the history, whose change `swap` takes back and makes again; null if nothing has changed
   */
  end(name) {
    const { before: tiles, wasTransparency: isTransparency } = this;
    this.before = null;
    for (const [index, old] of tiles) {
      if (areEqual(old, this.#tile(index))) tiles.delete(index);
    }
    if (tiles.size === 0 && isTransparency === this.isTransparency) return null;
    this.#changed();
    return { name, bytes: tiles.size * side * side, changes: [{ layer: this.name, tiles, isTransparency }] };
  }

  /** Takes back a stroke that is being drawn. */
  cancel() {
    const tiles = this.before;
    this.before = null;
    if (tiles?.size) this.#swapTiles(tiles);
  }

  /** Exchanges what a step has kept and what is there. */
  swap(change) {
    const { isTransparency } = this;
    this.isTransparency = change.isTransparency;
    change.isTransparency = isTransparency;
    this.#swapTiles(change.tiles);
  }

  #box(index) {
    const columns = Math.ceil(this.width / side);
    const [x, y] = [(index % columns) * side, Math.floor(index / columns) * side];
    return new Box(x, y, Math.min(x + side, this.width), Math.min(y + side, this.height));
  }

  #tile(index) {
    const box = this.#box(index);
    const width = box.x1 - box.x0;
    const values = new Uint8Array(width * (box.y1 - box.y0));
    for (let y = box.y0; y < box.y1; y++) {
      values.set(this.values.subarray(y * this.width + box.x0, y * this.width + box.x1), (y - box.y0) * width);
    }
    return values;
  }

  #swapTiles(tiles) {
    const dirty = Box.empty();
    for (const [index, old] of tiles) {
      const box = this.#box(index);
      const width = box.x1 - box.x0;
      tiles.set(index, this.#tile(index));
      for (let y = box.y0; y < box.y1; y++) {
        this.values.set(old.subarray((y - box.y0) * width, (y - box.y0 + 1) * width), y * this.width + box.x0);
      }
      dirty.add(box);
    }
    this.recount();
    this.#touched(dirty);
    this.#changed();
  }

  #save(box) {
    const columns = Math.ceil(this.width / side);
    for (let row = Math.floor(box.y0 / side); row * side < box.y1; row++) {
      for (let column = Math.floor(box.x0 / side); column * side < box.x1; column++) {
        const index = row * columns + column;
        if (!this.before.has(index)) this.before.set(index, this.#tile(index));
      }
    }
  }

  /**
   * Sets pixels of a box by rows.
   * @param {Box} box
   * @param {(y: number) => [number, number][]} spans the parts of a row, from x up to but without another
   */
  #fillRows(box, spans, value) {
    const area = box.clipped(this.width, this.height);
    if (area.isEmpty) return;
    this.#save(area);
    for (let y = area.y0; y < area.y1; y++) {
      for (const [from, to] of spans(y)) {
        const start = Math.max(area.x0, Math.ceil(from - 0.5));
        const end = Math.min(area.x1, Math.floor(to + 0.5));
        const row = y * this.width;
        for (let x = start; x < end; x++) {
          const old = this.values[row + x];
          if (old === value) continue;
          this.count += (value ? 1 : 0) - (old ? 1 : 0);
          this.values[row + x] = value;
        }
      }
    }
    this.#touched(area);
  }

  /** A round stroke between two points in pixels. */
  stroke(from, to, radius, value) {
    const box = new Box(
      Math.min(from.x, to.x) - radius,
      Math.min(from.y, to.y) - radius,
      Math.max(from.x, to.x) + radius + 1,
      Math.max(from.y, to.y) + radius + 1,
    );
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy);
    this.#fillRows(
      box,
      (row) => {
        const y = row + 0.5;
        let [low, high] = [Infinity, -Infinity];
        for (const end of [from, to]) {
          const inside = radius * radius - (y - end.y) ** 2;
          if (inside < 0) continue;
          low = Math.min(low, end.x - Math.sqrt(inside));
          high = Math.max(high, end.x + Math.sqrt(inside));
        }
        if (length > 0) {
          // The sides of the band: where the row crosses the rectangle around the segment.
          const [nx, ny] = [(-dy / length) * radius, (dx / length) * radius];
          const corners = [
            [from.x + nx, from.y + ny],
            [to.x + nx, to.y + ny],
            [to.x - nx, to.y - ny],
            [from.x - nx, from.y - ny],
          ];
          for (let index = 0; index < 4; index++) {
            const [ax, ay] = corners[index];
            const [bx, by] = corners[(index + 1) % 4];
            if (ay === by || y < Math.min(ay, by) || y > Math.max(ay, by)) continue;
            const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
            low = Math.min(low, x);
            high = Math.max(high, x);
          }
        }
        return low <= high ? [[low, high]] : [];
      },
      value,
    );
  }

  rectangle(from, to, value) {
    const [x0, x1] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const box = new Box(x0, Math.min(from.y, to.y), x1, Math.max(from.y, to.y));
    this.#fillRows(box, () => [[Math.floor(x0), Math.ceil(x1)]], value);
  }

  /** The inside of an outline, by the even-odd rule. */
  polygon(points, value) {
    if (points.length < 3) return;
    const xs = points.map(({ x }) => x);
    const ys = points.map(({ y }) => y);
    const box = new Box(Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1);
    this.#fillRows(
      box,
      (row) => {
        const y = row + 0.5;
        const crossings = [];
        points.forEach((a, index) => {
          const b = points[(index + 1) % points.length];
          if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
        });
        crossings.sort((a, b) => a - b);
        const spans = [];
        for (let index = 0; index + 1 < crossings.length; index += 2) spans.push([crossings[index], crossings[index + 1]]);
        return spans;
      },
      value,
    );
  }

  /** Replaces everything, as a step. */
  replace(values, name, isTransparency = false) {
    this.begin();
    this.isTransparency = isTransparency;
    const all = new Box(0, 0, this.width, this.height);
    this.#save(all);
    this.values.set(values);
    this.recount();
    this.#touched(all);
    return this.end(name);
  }

  recount() {
    let count = 0;
    for (const value of this.values) if (value) count++;
    this.count = count;
  }

  #touched(box) {
    this.dispatchEvent(Object.assign(new Event("touch"), { box }));
  }

  #changed() {
    this.version = versions += 1;
    this.dispatchEvent(new Event("change"));
  }
}

/** A hole, and what its outlines enclose: all that cannot be reached from the picture's border without crossing it. */
export function withInsides({ values, width, height }) {
  const isOutside = new Uint8Array(values.length);
  const front = [];
  const reach = (index) => {
    if (values[index] || isOutside[index]) return;
    isOutside[index] = 1;
    front.push(index);
  };
  for (let x = 0; x < width; x++) {
    reach(x);
    reach((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    reach(y * width);
    reach(y * width + width - 1);
  }
  while (front.length) {
    const index = front.pop();
    const x = index % width;
    if (x > 0) reach(index - 1);
    if (x < width - 1) reach(index + 1);
    if (index >= width) reach(index - width);
    if (index < values.length - width) reach(index + width);
  }
  return isOutside.map((value) => 1 - value);
}

function areEqual(first, second) {
  for (let index = 0; index < first.length; index++) if (first[index] !== second[index]) return false;
  return true;
}

/**
 * Grows a hole by so many pixels, or shrinks it if they are negative: all pixels within that distance, exactly, by the
 * distance transform of Felzenszwalb and Huttenlocher (2012).
 */
export function grown({ values, width, height }, pixels) {
  const isGrowing = pixels > 0;
  const far = 1e12;
  const distances = new Float64Array(width * height);
  for (let index = 0; index < distances.length; index++) {
    distances[index] = (values[index] !== 0) === isGrowing ? 0 : far;
  }
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const sites = new Int32Array(longest);
  const borders = new Float64Array(longest + 1);
  const transform = (start, stride, count) => {
    let last = -1;
    for (let q = 0; q < count; q++) {
      line[q] = distances[start + q * stride];
      if (line[q] >= far) continue;
      let border = -Infinity;
      while (last >= 0) {
        const site = sites[last];
        border = (line[q] + q * q - line[site] - site * site) / (2 * (q - site));
        if (border > borders[last]) break;
        last -= 1;
        border = -Infinity;
      }
      last += 1;
      sites[last] = q;
      borders[last] = border;
    }
    if (last < 0) return;
    let at = 0;
    for (let q = 0; q < count; q++) {
      while (at < last && borders[at + 1] < q) at += 1;
      distances[start + q * stride] = (q - sites[at]) ** 2 + line[sites[at]];
    }
  };
  for (let x = 0; x < width; x++) transform(x, width, height);
  for (let y = 0; y < height; y++) transform(y * width, 1, width);
  const limit = pixels * pixels;
  return Uint8Array.from(distances, (distance) => (distance <= limit === isGrowing ? 1 : 0));
}
