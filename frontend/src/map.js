// Draws areas as polygons, with or without a tile server:
//   <div data-lazy="map" data-geojson="URL or #id of a json_script" data-tiles="https://tiles/{z}/{x}/{y}.png"></div>
// Each feature's properties: name, colour, href (where a click leads).
import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import { LngLatBounds, Map, Marker, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

setWorkerUrl(new URL(workerUrl, import.meta.url).href + new URL(import.meta.url).search);

export async function mount(element) {
  const areas = await load(element.dataset.geojson);
  const whole = { bounds: boundsOf(areas), padding: 24 };
  const map = new Map({
    container: element,
    style: style(areas, element.dataset.tiles),
    bounds: whole.bounds,
    fitBoundsOptions: { padding: whole.padding },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.on("click", "areas", (event) => follow(event.features[0]));
  map.on("mouseenter", "areas", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "areas", () => (map.getCanvas().style.cursor = map.getCanvas().title = ""));
  map.on("mousemove", "areas", (event) => (map.getCanvas().title = event.features[0].properties.name ?? ""));
  map.on("movestart", (event) => event.originalEvent && (whole.bounds = undefined)); // the reader has chosen a part
  map.on("resize", () => whole.bounds && map.fitBounds(whole.bounds, { padding: whole.padding, animate: false }));
  new ResizeObserver(() => map.resize()).observe(element); // the first look may come before the page has its width
  const apart = named(map, areas);
  map.on("moveend", apart);
  map.once("idle", () => {
    apart();
    element.dataset.drawn = ""; // a photographer waits for it
  });
  return map;
}

// Names are words of the page, not of the map: letters for a map come from a server, and there need be none.
function named(map, areas) {
  const names = areas.features.flatMap((feature) => {
    const bounds = boundsOf({ features: [feature] });
    if (!bounds || !feature.properties.name) return [];
    const name = Object.assign(document.createElement("span"), { className: "fl-map-name", textContent: feature.properties.name });
    name.setAttribute("aria-hidden", "true");
    return [{ name, marker: new Marker({ element: name }).setLngLat(bounds.getCenter()).addTo(map) }];
  });
  return () => {
    const kept = [];
    for (const { name } of names) {
      const box = name.getBoundingClientRect();
      const covers = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      name.classList.toggle("fl-map-name-off", kept.some(covers));
      if (!kept.some(covers)) kept.push(box);
    }
  };
}

async function load(source) {
  if (source.startsWith("#")) return JSON.parse(document.querySelector(source).textContent);
  const answer = await fetch(source, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`areas of the map: ${answer.status}`);
  return answer.json();
}

function style(areas, tiles) {
  const sources = { areas: { type: "geojson", data: areas } };
  const layers = [
    { id: "ground", type: "background", paint: { "background-color": "#f6f8fb" } },
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["coalesce", ["get", "colour"], "#adb5bd"], "fill-opacity": 0.65 } },
    { id: "borders", type: "line", source: "areas", paint: { "line-color": "#343a40", "line-width": 1 } },
  ];
  if (tiles) {
    sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256 };
    layers.splice(1, 0, { id: "tiles", type: "raster", source: "tiles" });
  }
  return { version: 8, sources, layers };
}

function boundsOf(areas) {
  const bounds = new LngLatBounds();
  const extend = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(extend));
  for (const feature of areas.features) if (feature.geometry) extend(feature.geometry.coordinates);
  return bounds.isEmpty() ? undefined : bounds;
}

function follow(feature) {
  if (feature?.properties.href) location.assign(feature.properties.href);
}
