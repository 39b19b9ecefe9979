// Draws every `.chart` from the table that stands behind it: the table's figures, in the order of its lines and columns.
// The first column of figures is drawn; `compared` draws all, one day beside the other. Without this file tables tell all.

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const [INK, MUTED, LINE, GREEN] = ["--ink", "--muted", "--line", "--green"].map(colour);
const SERIES = [GREEN, "#1d5bb8", "#8a5a00", "#6b4fa0"];
const isRtl = document.documentElement.dir === "rtl";
const words = new Intl.NumberFormat("en");
const drawn = new Map();

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.color = MUTED;
Chart.defaults.borderColor = LINE;
Chart.defaults.animation = false;

/** Labels, columns of figures and the line that is still running, read from a table. */
function read(table) {
  const lines = [...table.querySelectorAll("tbody tr")];
  const headings = [...table.querySelectorAll("thead th")].slice(1).map((cell) => cell.textContent);
  const figures = lines.map((line) => [...line.querySelectorAll("[data-value]")].map((cell) => Number(cell.dataset.value)));
  return {
    labels: lines.map((line) => line.querySelector("th").textContent),
    columns: headings.map((heading, place) => ({ heading, values: figures.map((line) => line[place]) })),
    running: lines.findIndex((line) => "running" in line.dataset),
  };
}

/** Diagonal stripes: what is not over yet, told without colour. */
function hatched(context) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const brush = tile.getContext("2d");
  brush.fillStyle = "#cfe3da";
  brush.fillRect(0, 0, 8, 8);
  brush.strokeStyle = GREEN;
  brush.lineWidth = 3;
  for (const from of [-4, 4, 12]) {
    brush.beginPath();
    brush.moveTo(from - 8, 8);
    brush.lineTo(from, 0);
    brush.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** Writes each bar's figure at its end, as long as there is room. */
const FIGURES = {
  id: "figures",
  afterDatasetsDraw(chart) {
    const isLying = chart.options.indexAxis === "y";
    const [{ data: bars }] = chart.getSortedVisibleDatasetMetas();
    const room = isLying ? Infinity : chart.chartArea.width / bars.length;
    if (chart.data.datasets.length > 1 || room < 24) return;
    const { ctx } = chart;
    ctx.fillStyle = INK;
    ctx.font = `700 ${chart.width > 1000 ? 16 : 12}px ${Chart.defaults.font.family}`;
    ctx.textAlign = isLying ? (isRtl ? "right" : "left") : "center";
    ctx.textBaseline = isLying ? "middle" : "bottom";
    bars.forEach((bar, place) => {
      const value = chart.data.datasets[0].data[place];
      const shift = isLying ? (isRtl ? -6 : 6) : 0;
      if (value !== 0) ctx.fillText(words.format(value), bar.x + shift, isLying ? bar.y : bar.y - 4);
    });
  },
};

function options(kind, isMany) {
  const isLying = kind === "lying";
  const names = { grid: { display: false }, reverse: isRtl && !isLying, position: isLying && isRtl ? "right" : undefined };
  const figures = { beginAtZero: true, grace: isLying ? "0%" : "12%", reverse: isRtl && isLying, ticks: { precision: 0, maxTicksLimit: 5 } };
  if (!isLying) figures.position = isRtl ? "right" : "left";
  return {
    indexAxis: isLying ? "y" : "x",
    responsive: true,
    maintainAspectRatio: false,
    layout: { padding: isLying ? { [isRtl ? "left" : "right"]: 48 } : 0 },
    locale: "en",
    plugins: { legend: { display: isMany, rtl: isRtl, labels: { color: INK, boxWidth: 16 } }, tooltip: { rtl: isRtl } },
    scales: isLying ? { y: names, x: { ...figures, display: false } } : { x: names, y: figures },
  };
}

function draw(place) {
  const table = document.querySelector(`[data-table="${place.dataset.of}"]`);
  const told = read(table);
  const kind = place.dataset.chart;
  const columns = place.dataset.of === "compared" ? told.columns : told.columns.slice(0, 1);
  const canvas = place.querySelector("canvas");
  const known = drawn.get(canvas);
  const key = JSON.stringify([told, columns.length]);
  if (known?.key === key) return;
  place.hidden = false;
  place.style.blockSize = kind === "lying" ? `${told.labels.length * 32 + 24}px` : "";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", place.dataset.title);
  const context = canvas.getContext("2d");
  const datasets = columns.map(({ heading, values }, number) => {
    const plain = SERIES[number % SERIES.length];
    const backgroundColor = values.map((_, line) => (line === told.running ? hatched(context) : plain));
    return { label: heading, data: values, backgroundColor, borderRadius: 4, maxBarThickness: 48 };
  });
  if (known) {
    Object.assign(known.chart.data, { labels: told.labels, datasets });
    known.chart.update();
    known.key = key;
    return;
  }
  const data = { labels: told.labels, datasets };
  const chart = new Chart(context, { type: "bar", data, options: options(kind, datasets.length > 1), plugins: [FIGURES] });
  drawn.set(canvas, { chart, key });
}

/** All charts of the page, drawn anew where their tables changed; those that left it are forgotten. */
function drawAll() {
  for (const [canvas, { chart }] of drawn) {
    if (canvas.isConnected) continue;
    chart.destroy();
    drawn.delete(canvas);
  }
  document.querySelectorAll(".chart").forEach(draw);
}

drawAll();
document.addEventListener("board:drawn", drawAll);
addEventListener("beforeprint", () => drawn.forEach(({ chart }) => chart.resize()));
addEventListener("afterprint", () => drawn.forEach(({ chart }) => chart.resize()));
