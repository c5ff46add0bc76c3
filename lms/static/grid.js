// Arrow keys in tables of people: one cell at a time has the focus, and its link opens with Enter. Without this script
// the tables are read and scrolled like any other.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

for (const table of document.querySelectorAll("table[data-arrows]")) {
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key] ?? (event.key === "Home" ? [0, -cell.cellIndex] : event.key === "End" ? [0, Infinity] : null);
    if (!step) return;
    const row = table.rows[cell.parentNode.rowIndex + step[0]];
    const next = row?.cells[Math.min(cell.cellIndex + step[1], row.cells.length - 1)];
    if (!next) return;
    event.preventDefault();
    stand(next);
  });
  // The first cell takes the focus by Tab; from there arrows lead on.
  table.rows[0].cells[0].tabIndex = 0;
}

/** Focus the link of the cell, or the cell itself. */
function stand(cell) {
  const link = cell.querySelector("a");
  if (!link) cell.tabIndex = -1;
  (link ?? cell).focus();
}
