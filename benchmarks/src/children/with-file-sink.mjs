import "@dagstack/logger";
import "@dagstack/sink-file";
