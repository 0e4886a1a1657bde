/**
 * The page's script: sorts tables by their headings, and draws the chosen case. Plain JavaScript for browsers; it reads the data element,
 * writes text and canvas pixels, and never markup.
 */
export const pageScript = String.raw`
'use strict';
(() => {
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((one) => one.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const key = (row) => { const cell = row.cells[column]; return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value); };
      const empty = (row) => row.cells[column].textContent === '';
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        if (empty(a) !== empty(b)) return empty(a) ? 1 : -1;
        const x = key(a), y = key(b);
        return (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))) * (up ? 1 : -1);
      });
      table.tBodies[0].append(...rows);
    }));
  }
  const source = document.getElementById('series-data');
  if (!source) return;
  const cases = JSON.parse(source.textContent);
  const canvas = document.getElementById('series');
  const select = document.getElementById('series-case');
  const readout = document.getElementById('readout');
  const summary = document.getElementById('series-summary');
  const pen = canvas.getContext('2d');
  const side = { left: 70, right: 16, top: 46, gap: 34, panel: 130, bottom: 40 };
  const kinds = { detection: 'detection', false: 'false alarm', repeat: 'further alarm in the leak', recovery: 'alarm in recovery', carried: 'alarm on since warm-up' };
  let shown = cases[0], view = [0, 1], cursor = null, drag = null;
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const number = (value) => Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(3) : String(Number(value.toPrecision(5)));
  const tick = (value) => Math.abs(value) >= 1e6 ? number(value / 1e6) + 'M' : Math.abs(value) >= 1e4 ? number(value / 1e3) + 'k' : number(value);
  const spanOf = (one) => {
    let low = Infinity, high = -Infinity;
    for (const panel of one.panels) for (const { data: [t] } of panel.lines) if (t.length) { low = Math.min(low, t[0]); high = Math.max(high, t[t.length - 1]); }
    return low < high ? [low, high] : [0, 1];
  };
  const before = (times, t) => { let low = 0, high = times.length; while (low < high) { const m = (low + high) >> 1; if (times[m] <= t) low = m + 1; else high = m; } return low - 1; };
  const width = () => canvas.clientWidth - side.left - side.right;
  const toX = (t) => side.left + ((t - view[0]) / (view[1] - view[0])) * width();
  const toT = (x) => view[0] + ((x - side.left) / width()) * (view[1] - view[0]);
  const steps = (low, high, most) => {
    const raw = (high - low) / most, ten = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].find((n) => n * ten >= raw) * ten, out = [];
    for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) out.push(i * step);
    return out;
  };
  const write = (text, x, y, style) => { pen.fillStyle = color(style || 'ink-muted'); pen.fillText(text, x, y); };

  function draw() {
    const scale = window.devicePixelRatio || 1, panels = shown.panels;
    const height = side.top + panels.length * (side.panel + side.gap) + side.bottom - side.gap + 14;
    canvas.style.height = height + 'px';
    canvas.width = Math.round(canvas.clientWidth * scale); canvas.height = Math.round(height * scale);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, canvas.clientWidth, height);
    pen.font = '12px system-ui, "DejaVu Sans", sans-serif';
    panels.forEach((panel, p) => drawPanel(panel, side.top + p * (side.panel + side.gap)));
    pen.textAlign = 'center';
    const foot = side.top + panels.length * (side.panel + side.gap) - side.gap;
    for (const t of steps(view[0], view[1], Math.max(2, Math.floor(width() / 90)))) write(number(t), toX(t), foot + 18);
    write('time since start of case (s)', side.left + width() / 2, foot + 36);
    drawAlarms();
  }

  function drawPanel(panel, top) {
    let low = panel.threshold ?? Infinity, high = panel.threshold ?? -Infinity;
    for (const { data: [t, v] } of panel.lines) {
      for (let i = Math.max(0, before(t, view[0])); i < t.length && t[i] <= view[1]; i++) if (v[i] !== null) { low = Math.min(low, v[i]); high = Math.max(high, v[i]); }
    }
    if (!(low <= high)) [low, high] = [0, 1];
    const room = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
    low -= room; high += room;
    const toY = (v) => top + side.panel - ((v - low) / (high - low)) * side.panel;
    pen.save();
    pen.beginPath(); pen.rect(side.left, top, width(), side.panel); pen.clip();
    pen.fillStyle = color('ink-leakBand');
    for (const [start, end] of shown.leaks) pen.fillRect(toX(start), top, Math.max(1, toX(end) - toX(start)), side.panel);
    pen.restore();
    pen.lineWidth = 1;
    pen.textAlign = 'right';
    for (const v of steps(low, high, 4)) {
      pen.strokeStyle = color('ink-grid');
      pen.beginPath(); pen.moveTo(side.left, toY(v)); pen.lineTo(side.left + width(), toY(v)); pen.stroke();
      write(tick(v), side.left - 6, toY(v) + 4);
    }
    pen.save();
    pen.beginPath(); pen.rect(side.left, top, width(), side.panel); pen.clip();
    panel.lines.forEach(({ data: [t, v] }, n) => {
      pen.strokeStyle = color(panel.threshold === undefined ? 'series-' + (n % 8) : 'ink-score');
      pen.setLineDash(n < 8 ? [] : [4, 2]);
      pen.lineWidth = 1.5;
      pen.beginPath();
      let down = false;
      for (let i = Math.max(0, before(t, view[0])); i < t.length; i++) {
        if (v[i] === null) { down = false; continue; }
        if (down) pen.lineTo(toX(t[i]), toY(v[i])); else pen.moveTo(toX(t[i]), toY(v[i]));
        down = true;
        if (t[i] > view[1]) break;
      }
      pen.stroke();
    });
    if (panel.threshold !== undefined) {
      pen.strokeStyle = color('ink-threshold'); pen.setLineDash([5, 3]);
      pen.beginPath(); pen.moveTo(side.left, toY(panel.threshold)); pen.lineTo(side.left + width(), toY(panel.threshold)); pen.stroke();
    }
    pen.setLineDash([]);
    if (cursor !== null) { pen.strokeStyle = color('ink-muted'); pen.lineWidth = 1; pen.beginPath(); pen.moveTo(toX(cursor), top); pen.lineTo(toX(cursor), top + side.panel); pen.stroke(); }
    if (drag) { pen.fillStyle = color('accent'); pen.globalAlpha = 0.18; pen.fillRect(Math.min(drag[0], drag[1]), top, Math.abs(drag[1] - drag[0]), side.panel); pen.globalAlpha = 1; }
    pen.restore();
    pen.strokeStyle = color('ink-axis'); pen.lineWidth = 0.8; pen.strokeRect(side.left, top, width(), side.panel);
    pen.textAlign = 'left';
    let x = side.left;
    write(panel.title, x, top - 8, 'ink-text');
    x += pen.measureText(panel.title).width + 16;
    panel.lines.forEach(({ name }, n) => {
      const label = name.length > 26 ? name.slice(0, 25) + '…' : name;
      if (panel.lines.length < 2 || x + 20 + pen.measureText(label).width > side.left + width()) return;
      pen.strokeStyle = color('series-' + (n % 8)); pen.lineWidth = 2.5; pen.setLineDash(n < 8 ? [] : [4, 2]);
      pen.beginPath(); pen.moveTo(x, top - 12); pen.lineTo(x + 16, top - 12); pen.stroke(); pen.setLineDash([]);
      write(label, x + 20, top - 8); x += 34 + pen.measureText(label).width;
    });
  }

  function drawAlarms() {
    const y = 14;
    pen.textAlign = 'right'; write('alarms', side.left - 6, y + 4); pen.textAlign = 'left';
    const foot = side.top + shown.panels.length * (side.panel + side.gap) - side.gap;
    let free = -Infinity;
    for (const [time, kind, delay] of shown.alarms) {
      const x = toX(time);
      if (x < side.left - 1 || x > side.left + width() + 1) continue;
      const name = kind === 'false' ? 'ink-falseAlarm' : kind === 'detection' || kind === 'repeat' ? 'ink-detection' : 'ink-quiet';
      pen.strokeStyle = color(name); pen.fillStyle = color(name); pen.lineWidth = 1.2;
      pen.setLineDash(kind === 'false' ? [2, 2] : []);
      pen.beginPath(); pen.moveTo(x, y + 6); pen.lineTo(x, foot); pen.stroke(); pen.setLineDash([]);
      pen.beginPath();
      if (kind === 'false') { pen.moveTo(x - 5, y - 5); pen.lineTo(x + 5, y + 5); pen.moveTo(x + 5, y - 5); pen.lineTo(x - 5, y + 5); pen.lineWidth = 2.4; pen.stroke(); }
      else { pen.moveTo(x - 5, y - 5); pen.lineTo(x + 5, y - 5); pen.lineTo(x, y + 5); pen.closePath(); if (kind === 'detection') pen.fill(); else pen.stroke(); }
      const label = delay === null ? '' : '+' + number(delay) + ' s';
      if (label && x + 9 > free) { write(label, x + 9, y + 4, name); free = x + 15 + pen.measureText(label).width; }
    }
  }

  function tell() {
    if (cursor === null) { readout.textContent = 'Move over the chart, or focus it and use the arrow keys, to read values. Drag or press + to zoom in, 0 to see all.'; return; }
    const words = shown.panels.flatMap((panel) => panel.lines.map(({ name, data: [t, v] }) => {
      const i = before(t, cursor);
      return i < 0 || v[i] === null ? '' : name + ' ' + number(v[i]);
    })).filter(Boolean);
    const leak = shown.leaks.find(([start, end]) => cursor >= start && cursor <= end);
    const near = shown.alarms.find(([time]) => Math.abs(time - cursor) < (view[1] - view[0]) / 150);
    readout.textContent = number(cursor) + ' s' + (leak ? ', leak ' + leak[2] : '') + (near ? ', ' + kinds[near[1]] : '') + ': ' + words.join(', ');
  }

  function show(index) {
    select.selectedIndex = index;
    shown = cases[index]; view = spanOf(shown); cursor = null; drag = null;
    summary.textContent = shown.summary;
    canvas.setAttribute('aria-label', 'Signals and score of ' + shown.id + ': ' + shown.summary);
    draw(); tell();
  }
  function zoom(factor) {
    const middle = cursor ?? (view[0] + view[1]) / 2, [first, last] = spanOf(shown);
    view = [Math.max(first, middle - (middle - view[0]) * factor), Math.min(last, middle + (view[1] - middle) * factor)];
    draw();
  }
  const at = (event) => event.clientX - canvas.getBoundingClientRect().left;
  canvas.addEventListener('pointermove', (event) => {
    if (drag) drag[1] = at(event);
    cursor = Math.min(view[1], Math.max(view[0], toT(at(event))));
    draw(); tell();
  });
  canvas.addEventListener('pointerdown', (event) => { if (event.pointerType === 'mouse') { drag = [at(event), at(event)]; canvas.setPointerCapture(event.pointerId); } });
  canvas.addEventListener('pointerup', () => {
    if (drag && Math.abs(drag[1] - drag[0]) > 6) view = [toT(Math.min(...drag)), toT(Math.max(...drag))].map((t, n) => n === 0 ? Math.max(t, spanOf(shown)[0]) : Math.min(t, spanOf(shown)[1]));
    drag = null; draw();
  });
  canvas.addEventListener('pointerleave', () => { if (!drag) { cursor = null; draw(); tell(); } });
  canvas.addEventListener('dblclick', () => { view = spanOf(shown); draw(); });
  canvas.addEventListener('keydown', (event) => {
    const step = (view[1] - view[0]) / (event.shiftKey ? 20 : 200);
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') cursor = Math.min(view[1], Math.max(view[0], (cursor ?? view[0]) + (event.key === 'ArrowLeft' ? -step : step)));
    else if (event.key === '+' || event.key === '=') return event.preventDefault(), zoom(0.5);
    else if (event.key === '-') return event.preventDefault(), zoom(2);
    else if (event.key === '0' || event.key === 'Escape') { view = spanOf(shown); cursor = null; }
    else return;
    event.preventDefault(); draw(); tell();
  });
  select.addEventListener('change', () => show(select.selectedIndex));
  document.getElementById('series-previous').addEventListener('click', () => show((select.selectedIndex + cases.length - 1) % cases.length));
  document.getElementById('series-next').addEventListener('click', () => show((select.selectedIndex + 1) % cases.length));
  document.getElementById('series-all').addEventListener('click', () => { view = spanOf(shown); draw(); });
  addEventListener('resize', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  show(0);
})();
`.trim();
