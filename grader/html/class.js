// The table of a class: a click on a column's head sorts by it, and once more turns it round; the
// field above shows only rows with that text.
'use strict';

// What a cell sorts by: the number it carries, else its text in small letters.
function keyOf(row, column) {
  const cell = row.cells[column];
  const number = cell.dataset.sort;
  return number === undefined ? cell.textContent.trim().toLowerCase() : Number(number);
}

function sortBy(table, column) {
  const heads = Array.from(table.tHead.rows[0].cells);
  const body = table.tBodies[0];
  const turned = heads[column].getAttribute('aria-sort') === 'ascending';
  const rows = Array.from(body.rows);
  rows.sort(function (a, b) {
    const first = keyOf(a, column);
    const second = keyOf(b, column);
    const order = first < second ? -1 : first > second ? 1 : 0;
    return turned ? -order : order;
  });
  heads.forEach(function (head) { head.removeAttribute('aria-sort'); });
  heads[column].setAttribute('aria-sort', turned ? 'descending' : 'ascending');
  body.append(...rows);
}

function filterBy(table, text, shown) {
  const wanted = text.trim().toLowerCase();
  let count = 0;
  Array.from(table.tBodies[0].rows).forEach(function (row) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    count += row.hidden ? 0 : 1;
  });
  shown.textContent = count + ' shown';
}

document.addEventListener('DOMContentLoaded', function () {
  const table = document.getElementById('students');
  const field = document.getElementById('filter');
  const shown = document.getElementById('shown');
  Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
    head.querySelector('button').addEventListener('click', function () { sortBy(table, column); });
  });
  field.addEventListener('input', function () { filterBy(table, field.value, shown); });
});
