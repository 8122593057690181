/// Placeholder.
package enum Simulator {}
