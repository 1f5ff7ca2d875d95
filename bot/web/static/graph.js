/** Zoom of the evidence graph, by buttons and by the keys + - 0 while it has the focus. */

let scale = 1;

function graph() {
  const svg = document.getElementById('evidence-graph');
  return svg instanceof SVGSVGElement ? svg : null;
}

function draw() {
  const svg = graph();
  if (svg === null) return;
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute('width', String(Math.round(width * scale)));
  svg.setAttribute('height', String(Math.round(height * scale)));
}

/** @param {number} factor 0: the size as drawn. */
function zoom(factor) {
  scale = factor === 0 ? 1 : Math.min(4, Math.max(0.25, scale * factor));
  draw();
}

function start() {
  const tools = document.getElementById('graph-tools');
  if (tools !== null) tools.hidden = false;
  draw();
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[data-zoom]') : null;
  if (button instanceof HTMLButtonElement) zoom(Number(button.dataset.zoom));
});

document.addEventListener('keydown', (event) => {
  const within = event.target instanceof Element && event.target.closest('.graph') !== null;
  if (!within || event.ctrlKey || event.metaKey || event.altKey) return;
  const factor = { '+': 1.25, '=': 1.25, '-': 0.8, 0: 0 }[event.key];
  if (factor === undefined) return;
  event.preventDefault();
  zoom(factor);
});

document.addEventListener('watchkeeper:refreshed', start);
start();
