// The scripts of the live figures, their tests, and the site's. Nothing is
// imported, so that `npx eslint` needs no folder of packages here.

const here = "document atob setInterval clearInterval requestAnimationFrame";
const more = "cancelAnimationFrame setTimeout clearTimeout console";
const site =
  "localStorage IntersectionObserver URL Blob confirm";
const links = "location history navigator self top btoa getSelection";
const last = "addEventListener ResizeObserver getComputedStyle";
const names = `${here} ${more} ${site} ${links} ${last}`;

export default [
  {
    files: [
      "lessons_lib/live/*.js",
      "tests/unit/js/*.mjs",
      "web/static/*.js",
      "eslint.config.js",
    ],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      globals: Object.fromEntries(names.split(" ").map((n) => [n, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-const-assign": "error",
      "no-dupe-args": "error",
      "no-dupe-keys": "error",
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-implicit-globals": "error",
      "no-redeclare": "error",
      "no-self-assign": "error",
      "no-shadow": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-var": "error",
      "prefer-const": "error",
      "use-isnan": "error",
    },
  },
];
