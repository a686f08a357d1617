"use strict";
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  if (!data.nodes.length || typeof cytoscape === "undefined") return;
  const element = (id) => document.getElementById(id);
  const panel = element("panel");
  const MANY = 80; // edges: from here on, layout must be quick rather than tidy
  const KNOTTED = 12; // edges to peers that nobody knows: so many meet in one point and hide the rest
  const FIRST = 20;

  // What is drawn -------------------------------------------------------------------------------------------------
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = "600 13px system-ui, sans-serif";
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);
  const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const short = (name) => cut(name, 34);
  // A large map comes laid out, in layers that are wider than high: drawn apart until they fill a window.
  const laid = data.nodes.map((node) => node.at).filter(Boolean);
  const across = Math.max(...laid.map((at) => at[0]), 1);
  const apart = Math.min(8, Math.max(1, across / Math.max(...laid.map((at) => at[1]), 1) / 1.5));
  const elements = [
    ...data.nodes.map((node, number) => ({
      group: "nodes",
      classes: node.kind,
      ...(node.at && { position: { x: node.at[0], y: node.at[1] * apart } }),
      data: { id: `n${number}`, label: short(node.name), width: Math.ceil(ruler.measureText(short(node.name)).width) + 30 },
    })),
    ...data.edges.map((edge, number) => ({
      group: "edges",
      classes: [edge.kind, edge.open && "open", edge.severity].filter(Boolean).join(" "),
      data: { id: `e${number}`, source: `n${edge.from}`, target: `n${edge.to}`, label: cut(edge.label, 30) },
    })),
  ];

  function look() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    const arrow = (colour) => ({ "line-color": colour, "target-arrow-color": colour });
    return [
      { selector: "node", style: {
        label: "data(label)", width: "data(width)", height: 34, shape: "round-rectangle", "corner-radius": 7,
        "background-color": of("node"), "border-color": of("node-line"), "border-width": 1.3, color: of("ink"),
        "font-family": "system-ui, sans-serif", "font-size": 13, "font-weight": 600, "text-valign": "center",
        "text-halign": "center", "min-zoomed-font-size": 5, "overlay-opacity": 0,
      } },
      { selector: "node.gateway", style: { "background-color": of("gateway"), "border-width": 2.2 } },
      { selector: "node.store", style: { shape: "barrel", "background-color": of("store"), "border-color": of("store-line"), "font-weight": 500 } },
      { selector: "node.external, node.unknown", style: { "border-style": "dashed", "background-opacity": 0, "font-weight": 500, color: of("quiet"), shape: "round-rectangle", "corner-radius": 17 } },
      { selector: "edge", style: {
        width: 1.5, "curve-style": "bezier", "target-arrow-shape": "triangle", "arrow-scale": 0.9, ...arrow(of("edge")),
        label: "data(label)", "font-size": 10.5, "font-family": "system-ui, sans-serif", color: of("quiet"),
        "text-background-color": of("paper"), "text-background-opacity": 0.9, "text-background-padding": 2,
        "min-zoomed-font-size": 8, "overlay-opacity": 0,
      } },
      { selector: "edge.routed", style: {
        "curve-style": "round-segments", "segment-radii": 40, "edge-distances": "node-position",
        "segment-weights": (edge) => edge.scratch("controlPointWeights"),
        "segment-distances": (edge) => edge.scratch("controlPointDistances"),
      } },
      { selector: "edge.onward", style: { "source-endpoint": "90deg", "target-endpoint": "270deg" } },
      { selector: "edge.back", style: { "source-endpoint": "270deg", "target-endpoint": "90deg" } },
      { selector: "edge.async", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
      { selector: "edge.store", style: { width: 1.1, "line-style": "dotted", "target-arrow-shape": "none" } },
      { selector: "edge.warning", style: arrow(of("warned")) },
      { selector: "edge.open, edge.error", style: { ...arrow(of("open")), color: of("open"), width: 1.9 } },
      { selector: ".faded", style: { opacity: 0.18, "text-opacity": 0.25 } },
      { selector: ".away", style: { display: "none" } },
      { selector: "node.chosen", style: { "border-color": of("chosen"), "border-width": 3 } },
      { selector: "edge.chosen", style: { width: 3.4, "font-size": 12, "font-weight": 600, "min-zoomed-font-size": 0, "z-index": 9 } },
    ];
  }

  element("stage").hidden = element("tools").hidden = false;
  const fill = () => document.documentElement.style.setProperty("--head", `${document.querySelector("header").offsetHeight}px`);
  fill();
  addEventListener("resize", fill);
  element("still").hidden = true;
  if (element("table")) element("table").open = false;
  const cy = cytoscape({
    container: element("graph"), elements, style: look(), minZoom: 0.03, maxZoom: 3, boxSelectionEnabled: false,
    autounselectify: true,
    layout: { name: "preset" },
  });
  // Lines go around boxes, by the points that the layout leaves for them, and meet their ends where layers face.
  function arrange() {
    const shown = cy.elements().not(".away");
    if (data.nodes[0].at || shown.empty()) return;
    const many = shown.edges().length > MANY;
    const alone = shown.nodes().filter((node) => node.connectedEdges().not(".away").empty());
    const drawn = shown.not(alone);
    const by = (further) => drawn.layout({
      name: "dagre", rankDir: "LR", nodeSep: 26 * further, edgeSep: 14 * further, rankSep: many ? 90 : 130, animate: false,
      ranker: many ? "tight-tree" : "network-simplex", fit: false, useDagreEdgeControlPoints: true,
    }).run();
    const size = () => drawn.boundingBox({ includeLabels: false });
    const wide = () => (size().w / Math.max(size().h, 1)) / (cy.width() / Math.max(cy.height(), 1));
    by(1);
    // Layers are wider than high: drawn apart until they fill the window, lines and their words stand clear of boxes.
    if (wide() > 1.1) by(Math.min(3, wide()));
    drawn.edges().forEach((edge) => {
      const along = edge.target().position("x") - edge.source().position("x");
      edge.toggleClass("routed", (edge.scratch("controlPointWeights") || []).length > 0);
      edge.toggleClass("onward", along > 0).toggleClass("back", along < 0);
    });
    beside(alone, size());
  }
  // What has no line stands below the rest, in rows.
  function beside(alone, above) {
    const most = Math.max(above.w, 900);
    let x = 0, y = above.y2 + 90;
    alone.forEach((node) => {
      if (x && x + node.width() > most) { x = 0; y += 60; }
      node.position({ x: above.x1 + x + node.width() / 2, y });
      x += node.width() + 26;
    });
  }
  const whole = () => cy.fit(cy.elements().not(".away"), 40);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(look()));

  // What is told; every word is put in as text ------------------------------------------------------------------------
  function made(tag, text, className) {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (className) one.className = className;
    return one;
  }
  function section(title, items, more, told) {
    if (!items.length) return [];
    const list = made("ul");
    for (const item of items) {
      const row = made("li");
      row.append(...told(item));
      list.append(row);
    }
    if (more) list.append(made("li", `and ${more} more`, "beside"));
    return [made("h3", title), list];
  }
  function facts(rows, edge) {
    const list = made("dl");
    for (const [label, text] of rows) {
      const value = made("dd");
      value.append(made("bdi", text, edge && edge.open && label === "limit" ? "bad" : ""));
      list.append(made("dt", label), value);
    }
    return list;
  }
  const at = (place) => made("bdi", place, "at");
  const finding = (one) => [
    made("span", one.severity, `severity ${one.severity}`), made("span", ` ${one.rule}`), quoting(one.message), at(one.at),
  ];
  function quoting(text) {
    const words = made("div");
    text.split("`").forEach((part, number) => words.append(number % 2 ? made("code", part) : part));
    return words;
  }
  function link(text, beside, target) {
    const button = made("button", text, "go");
    button.type = "button";
    button.dataset.target = target;
    button.addEventListener("click", () => choose(cy.getElementById(target), true));
    return beside ? [button, made("span", beside, "beside")] : [button];
  }
  const edges = (end, number) => data.edges.map((edge, index) => ({ ...edge, id: `e${index}` })).filter((edge) => edge[end] === number);
  const name = (number) => data.nodes[number].name;

  function tellNode(number) {
    const node = data.nodes[number];
    const out = edges("from", number);
    const inward = edges("to", number);
    panel.replaceChildren(
      made("h2", node.name), made("p", node.kind, "kind"), facts(node.about),
      ...section(`Offers (${node.endpoints.length + (node.moreEndpoints || 0)})`, node.endpoints, node.moreEndpoints, ([said, place]) => [made("bdi", said), at(place)]),
      ...section(`Calls (${out.length})`, out, 0, (edge) => link(name(edge.to), edge.label, edge.id)),
      ...section(`Called by (${inward.length})`, inward, 0, (edge) => link(name(edge.from), edge.label, edge.id)),
      ...section("Findings in its code", node.findings, node.moreFindings, finding),
    );
  }
  function tellEdge(number) {
    const edge = data.edges[number];
    const title = made("h2");
    title.append(made("bdi", name(edge.from)), " \u2192 ", made("bdi", name(edge.to)));
    panel.replaceChildren(
      title, made("p", "edge", "kind"), facts(edge.about, edge),
      ...section("Findings", edge.findings, edge.moreFindings, finding),
      ...section(`Sites (${edge.sites.length + edge.moreSites})`, edge.sites, edge.moreSites, (site) => [
        made("bdi", site.said), made("div", site.notes, "beside"),
        ...(site.endpoints.length ? [made("div", `for ${site.endpoints.join(", ")}`, "beside")] : []), at(site.at),
      ]),
      ...section("Evidence", edge.evidence, 0, (place) => [at(place)]),
      ...section("Ends", [edge.from, edge.to], 0, (end) => link(name(end), "", `n${end}`)),
    );
  }
  function tellHow() {
    const rank = (edge) => (edge.open || edge.severity === "error" ? 0 : edge.severity === "warning" ? 1 : 2);
    const worst = data.edges.map((edge, index) => ({ ...edge, id: `e${index}` }))
      .filter((edge) => rank(edge) < 2).sort((one, other) => rank(one) - rank(other));
    panel.replaceChildren(
      made("h2", "Click a service or a line"), made("p", "Drag to move, turn the wheel to zoom.", "kind"),
      ...section(`To look at first (${worst.length})`, worst.slice(0, FIRST), Math.max(0, worst.length - FIRST), (edge) =>
        link(`${name(edge.from)} \u2192 ${name(edge.to)}`, [edge.label, ...new Set(edge.findings.map((one) => one.rule))].filter(Boolean).join(", "), edge.id)),
      ...section("Services", data.nodes.map((node, number) => ({ ...node, id: `n${number}` })).filter((node) => ["service", "gateway"].includes(node.kind)).sort((one, other) => (one.name < other.name ? -1 : 1)), 0, (node) =>
        link(node.name, node.endpoints.length ? many(node.endpoints.length + node.moreEndpoints, "endpoint") : "", node.id)),
    );
  }

  // What is chosen --------------------------------------------------------------------------------------------------------
  function choose(one, move) {
    cy.elements().removeClass("chosen faded");
    if (!one || one.empty()) { tellHow(); return; }
    reveal(one);
    const near = one.isNode() ? one.closedNeighborhood() : one.union(one.connectedNodes());
    cy.elements().not(near).addClass("faded");
    one.addClass("chosen");
    if (move) cy.animate({ fit: { eles: near, padding: 70 } }, { duration: 200 });
    (one.isNode() ? tellNode : tellEdge)(Number(one.id().slice(1)));
    panel.scrollTop = 0;
  }
  cy.on("tap", (event) => choose(event.target === cy ? null : event.target));
  cy.on("mouseover", "node, edge", () => { element("graph").style.cursor = "pointer"; });
  cy.on("mouseout", "node, edge", () => { element("graph").style.cursor = ""; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });

  const find = element("find");
  for (const node of data.nodes) {
    const option = document.createElement("option");
    option.value = node.name;
    element("names").append(option);
  }
  function found() {
    const wished = find.value.trim().toLowerCase();
    if (!wished) { choose(null); return; }
    const names = data.nodes.map((node) => node.name.toLowerCase());
    const exact = names.indexOf(wished);
    const number = exact >= 0 ? exact : names.findIndex((one) => one.includes(wished));
    if (number >= 0) choose(cy.getElementById(`n${number}`), true);
  }
  find.addEventListener("change", found);
  element("tools").addEventListener("submit", (event) => { event.preventDefault(); found(); });

  const PARTS = { async: "edge.async", store: ".store", outside: "node.external", unknown: "node.unknown" };
  const box = (part) => element(`show-${part}`);
  function filter() {
    const hidden = cy.elements(Object.keys(PARTS).filter((part) => !box(part).checked).map((part) => PARTS[part]).join() || "#none");
    cy.elements().removeClass("away");
    hidden.union(hidden.connectedEdges()).addClass("away");
    arrange();
    whole();
  }
  function reveal(one) {
    if (!one.hasClass("away")) return;
    for (const part of Object.keys(PARTS)) box(part).checked = true;
    filter();
  }
  for (const part of Object.keys(PARTS)) box(part).addEventListener("change", filter);
  const zoom = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  element("zoom-in").addEventListener("click", () => zoom(1.3));
  element("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  element("fit").addEventListener("click", whole);
  box("unknown").checked = cy.nodes(".unknown").connectedEdges().length <= KNOTTED;
  filter();
  tellHow();
})();
