/// The whole program; `main` is this one call.
package func runMain() {}
